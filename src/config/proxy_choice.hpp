#pragma once
// Whether the API is reached by a proxy: api.proxy, else $HTTPS_PROXY but for what $NO_PROXY names.
#include <string>
#include <string_view>

#include "config/expand.hpp"
#include "config/problem_log.hpp"
#include "config/setting.hpp"

namespace oes {

/// `api.proxy` is left without a value where no proxy is used.
void resolve_proxy(setting_map& settings, const environment& env, problem_log& log);

/// The proxy of schema_registry.url, before resolve_proxy(); empty: none.
std::string registry_proxy(const setting_map& settings, const environment& env);

/// Whether a URL names this machine's own loopback: what goes there is read by nobody on the way.
bool is_on_this_machine(std::string_view url);

}  // namespace oes
