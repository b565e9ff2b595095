// Whether a proxy is used, and which.
#include <doctest/doctest.h>

#include "config/no_proxy.hpp"
#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;

namespace {

std::string proxy_of(std::string_view yaml, variables more) {
  auto values = usual();
  values.merge(more);
  const auto loaded = load(yaml, values);
  CHECK(loaded.config.has_value());
  if (!loaded.config || !loaded.config->fetch.proxy) return "none";
  return text_of(*loaded.config->fetch.proxy) + " by " + loaded.config->fetch.proxy->named_by;
}

}  // namespace

TEST_CASE("the key goes before the variable, and both before going straight") {
  CHECK(proxy_of("", {}) == "none");
  CHECK(proxy_of("", {{"HTTPS_PROXY", "http://p:1"}}) == "p:1 by HTTPS_PROXY");
  CHECK(proxy_of("", {{"https_proxy", "p:2"}}) == "p:2 by HTTPS_PROXY");
  CHECK(proxy_of("api: {proxy: 'http://q:3'}", {{"HTTPS_PROXY", "http://p:1"}}) == "q:3 by api.proxy");
  CHECK(proxy_of("api: {proxy: none}", {{"HTTPS_PROXY", "http://p:1"}}) == "none");
  CHECK(proxy_of("api: {proxy: '${P:-}'}", {{"HTTPS_PROXY", "http://p:1"}}) == "p:1 by HTTPS_PROXY");
}

TEST_CASE("NO_PROXY and this machine take the variable's proxy away, not the key's") {
  const variables all{{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", "openelectricity.org.au"}};
  CHECK(proxy_of("", all) == "none");
  CHECK(proxy_of("api: {proxy: 'http://q:3'}", all) == "q:3 by api.proxy");
  CHECK(proxy_of("api: {base_url: 'http://127.0.0.1:1'}", {{"HTTPS_PROXY", "http://p:1"}}) == "none");
  CHECK(proxy_of("api: {base_url: 'https://localhost:1'}", {{"HTTPS_PROXY", "http://p:1"}}) == "none");
  CHECK(has(said("api: {base_url: 'http://127.0.0.1:1', proxy: 'http://q:3'}"), "warning: api.proxy: it is not used"));
}

TEST_CASE("user and password are shown nowhere, however short") {
  const auto loaded = load("api: {proxy: 'http://me:pw@q:3'}");
  CHECK(has(loaded.resolved_yaml, "http://[redacted]@q:3"));
  CHECK_FALSE(has(loaded.resolved_yaml, "pw@"));
  for (const auto& text : {said("api: {proxy: 'https://me:pw@q:3'}"), said("api: {proxy: 'http://me:pw@q:99999'}"),
                           said("", {{"HTTPS_PROXY", "socks5://me:pw@q:3"}})}) {
    CHECK(has(text, "error"));
    CHECK_FALSE(has(text, "me:pw"));
  }
}

TEST_CASE("NO_PROXY as Go and curl read it") {
  CHECK(is_named_by_no_proxy("*", "api.test", 443));
  CHECK(is_named_by_no_proxy("other, API.test", "api.test", 443));
  CHECK(is_named_by_no_proxy("test", "api.test", 443));
  CHECK(is_named_by_no_proxy(".test", "api.test", 443));
  CHECK(is_named_by_no_proxy("*.test", "api.test", 443));
  CHECK_FALSE(is_named_by_no_proxy(".api.test", "api.test", 443));
  CHECK_FALSE(is_named_by_no_proxy("pi.test", "api.test", 443));
  CHECK(is_named_by_no_proxy("api.test:443", "api.test", 443));
  CHECK_FALSE(is_named_by_no_proxy("api.test:444", "api.test", 443));
  CHECK(is_named_by_no_proxy("10.0.0.0/8", "10.1.2.3", 443));
  CHECK_FALSE(is_named_by_no_proxy("10.0.0.0/16", "10.1.2.3", 443));
  CHECK(is_named_by_no_proxy("10.1.2.3", "10.1.2.3", 443));
  CHECK(is_named_by_no_proxy("fd00::/8", "fd12::1", 443));
  CHECK(is_named_by_no_proxy("[fd12::1]:443", "fd12::1", 443));
  CHECK_FALSE(is_named_by_no_proxy("10.0.0.0/8", "api.test", 443));
  CHECK_FALSE(is_named_by_no_proxy("", "api.test", 443));
  CHECK_FALSE(is_named_by_no_proxy(",, ,", "api.test", 443));
}
