// Avro: what it needs, and what may not stand together.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;

namespace {

constexpr auto registry = "schema_registry: {url: 'https://r.example/apis/ccompat/v7/'}\n";

std::string proxy_of_registry(const std::string& yaml, variables more) {
  auto values = usual();
  values.merge(more);
  const auto loaded = load(yaml, values);
  REQUIRE(loaded.config.has_value());
  return loaded.config->registry.proxy ? text_of(*loaded.config->registry.proxy) : "none";
}

}  // namespace

TEST_CASE("avro needs a registry, for streams and for the list that is published") {
  CHECK(has(said("streams: [{name: a, record: {format: avro}}]"), "avro needs a schema registry"));
  CHECK(has(said("facilities: {enabled: true, format: avro}"), "facilities.format: avro needs a schema registry"));
  CHECK(said("facilities: {format: avro}").empty());
  const auto loaded = load(std::string(registry) + "defaults: {record: {format: avro}}\nstreams: [{name: a}]\n");
  REQUIRE(loaded.config.has_value());
  CHECK(loaded.config->registry.url == "https://r.example/apis/ccompat/v7");
  CHECK(loaded.config->registry.auto_register);
  CHECK(loaded.config->streams.front().format == record_format::avro);
}

TEST_CASE("two streams do not write one topic in two formats") {
  const std::string both = std::string(registry) +
                           "streams: [{name: a, metrics: power}, {name: b, metrics: energy, record: {format: avro}}]";
  CHECK(has(said(both), "stream 'a' writes topic openelectricity.network.5m.v1 in the other format"));
  CHECK_FALSE(
      has(said(std::string(registry) +
               "streams: [{name: a, metrics: power}, {name: b, topic: t, metrics: energy, record: {format: avro}}]"),
          "format"));
}

TEST_CASE("a login is whole, and never in the clear but on this machine") {
  CHECK(has(said("schema_registry: {url: 'https://r', username: u}"), "go together"));
  CHECK(has(said("schema_registry: {url: 'https://r', password: p}"), "go together"));
  CHECK(has(said("schema_registry: {url: 'http://r', username: u, password: p}"), "in the clear"));
  CHECK(said("schema_registry: {url: 'http://r:8081'}").empty());
  CHECK(said("schema_registry: {url: 'http://127.0.0.1:8081', username: u, password: p}").empty());
  CHECK(has(said("schema_registry: {url: 'https://u:p@r'}"), "schema_registry.username"));
  CHECK(has(said("schema_registry: {url: 'r:8081'}"), "https:// or http://"));
}

TEST_CASE("the password may stand in a file, and is shown nowhere") {
  const auto file = std::filesystem::temp_directory_path() / "oes_registry_password";
  std::ofstream(file) << "s3cret-of-registry\n";
  const auto yaml = "schema_registry: {url: 'https://r', username: u, password_file: '" + file.string() + "'}";
  const auto loaded = load(yaml);
  REQUIRE(loaded.config.has_value());
  CHECK(loaded.config->registry.password == "s3cret-of-registry");
  CHECK_FALSE(has(loaded.resolved_yaml, "s3cret"));
  CHECK(
      has(said("schema_registry: {url: 'https://r', username: u, password: x, password_file: '" + file.string() + "'}"),
          "write one of the two"));
  std::filesystem::remove(file);
}

TEST_CASE("the registry is reached by the API's proxy, but for what NO_PROXY names, and this machine") {
  CHECK(proxy_of_registry(registry, {}) == "none");
  CHECK(proxy_of_registry(registry, {{"HTTPS_PROXY", "http://p:1"}}) == "p:1");
  CHECK(proxy_of_registry(registry, {{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", "r.example"}}) == "none");
  CHECK(proxy_of_registry(registry, {{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", "openelectricity.org.au"}}) == "p:1");
  CHECK(proxy_of_registry(std::string(registry) + "api: {proxy: 'http://q:3'}", {}) == "q:3");
  CHECK(proxy_of_registry(std::string(registry) + "api: {proxy: none}", {{"HTTPS_PROXY", "http://p:1"}}) == "none");
  CHECK(proxy_of_registry("schema_registry: {url: 'http://r'}", {{"HTTPS_PROXY", "http://p:1"}}) == "none");
}

TEST_CASE("what the registry's address or certificates are is tried where somebody can") {
  check_means means;
  means.try_registry = [](const registry_settings& settings) { return settings.url == "https://bad" ? "no good" : ""; };
  const auto try_with = [&](const char* url) {
    const auto yaml = std::string("schema_registry: {url: '") + url + "'}";
    return parse_configuration(yaml, "c.yaml", env_of(usual()), means);
  };
  CHECK_FALSE(try_with("https://bad").config.has_value());
  CHECK(has(lines(try_with("https://bad")).front(), "schema_registry.url: no good"));
  CHECK(try_with("https://good").config.has_value());
}
