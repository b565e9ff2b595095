#pragma once
// Whether the API is reached by a proxy: api.proxy, else $HTTPS_PROXY but for what $NO_PROXY names.
#include "config/problem_log.hpp"
#include "config/setting.hpp"

namespace oes {

/// `api.proxy` is left without a value where no proxy is used.
void settle_proxy(setting_map& settings, const environment& env, problem_log& log);

/// The proxy of schema_registry.url, before settle_proxy(); empty: none.
std::string registry_proxy(const setting_map& settings, const environment& env);

}  // namespace oes
