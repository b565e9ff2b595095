#include "config/proxy_choice.hpp"

#include <algorithm>
#include <charconv>

#include "config/no_proxy.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

struct api_host {
  std::string name;  ///< lower case; an IPv6 literal without its brackets
  std::uint16_t port = 443;
};

// Of a base_url that has passed its check.
api_host host_of(std::string_view url) {
  url.remove_prefix(std::min(url.size(), url.find("://") + 3));
  url = url.substr(0, url.find('/'));
  api_host out;
  const auto name_end =
      url.starts_with('[') ? std::min(url.find(']') + 1, url.size()) : std::min(url.find(':'), url.size());
  out.name = ascii_lower(url.starts_with('[') ? url.substr(1, name_end - 2) : url.substr(0, name_end));
  if (name_end < url.size()) std::from_chars(url.data() + name_end + 1, url.data() + url.size(), out.port);
  return out;
}

bool is_loopback_address(std::string_view host) {
  if (!host.starts_with("127.")) return host == "::1";
  return host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host.ends_with(".localhost") || is_loopback_address(host);
}

std::string no_proxy(const environment& env) {
  const auto upper = env("NO_PROXY").value_or("");
  return upper.empty() ? env("no_proxy").value_or("") : upper;
}

}  // namespace

bool is_on_this_machine(std::string_view url) { return is_this_machine(host_of(url).name); }

void resolve_proxy(setting_map& settings, const environment& env, problem_log& log) {
  auto& proxy = settings.at("api.proxy");
  if (!proxy.is_set() || as<std::string>(proxy.value) == "none") return;
  const auto& url = as<std::string>(settings.at("api.base_url").value);
  const bool encrypted = url.starts_with("https://");
  if (proxy.origin == setting_origin::from_environment) {
    const auto host = host_of(url);
    if (encrypted && !is_this_machine(host.name) && !is_named_by_no_proxy(no_proxy(env), host.name, host.port)) return;
    proxy.value = {};
    proxy.origin = setting_origin::by_default;
  } else if (!encrypted) {
    log.warn(proxy.at, proxy.key, "it is not used: api.base_url is http, on this machine");
  }
}

std::string registry_proxy(const setting_map& settings, const environment& env) {
  const auto& proxy = settings.at("api.proxy");
  const auto& address = settings.at("schema_registry.url");
  if (!proxy.is_set() || !address.is_set()) return {};
  const auto& url = as<std::string>(address.value);
  const auto host = host_of(url);
  const bool direct = as<std::string>(proxy.value) == "none" || !url.starts_with("https://") ||
                      is_this_machine(host.name) || is_named_by_no_proxy(no_proxy(env), host.name, host.port);
  return direct ? std::string() : as<std::string>(proxy.value);
}

}  // namespace oes
