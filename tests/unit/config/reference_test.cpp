// What is derived from the table of keys, and what must agree with it: print-config, the schema, the reference file.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "config/map_reader.hpp"
#include "config/scalar_reader.hpp"
#include "config/settings_table.hpp"
#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;

namespace {

std::string file_text(const std::string& name) {
  std::ifstream in(std::string(OES_FIXTURES) + "/../../config/" + name);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// `#key: value` → `key: value`; remarks (`# …`) stay remarks.
std::string switched_on(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    const auto mark = line.find_first_not_of(' ');
    if (mark != std::string::npos && line[mark] == '#' && mark + 1 < line.size() && line[mark + 1] != ' ') {
      line.erase(mark, 1);
    }
    out += line + "\n";
  }
  return out;
}

const yaml_value* child(const yaml_value* map, std::string_view path) {
  while (map != nullptr) {
    const auto name = path.substr(0, path.find('.'));
    const yaml_value* next = nullptr;
    for (const auto& entry : map->entries) {
      if (entry.key == name) next = &entry.value;
    }
    if (name.size() == path.size()) return next;
    path.remove_prefix(name.size() + 1);
    map = next;
  }
  return nullptr;
}

void check_documented(const yaml_value* section, const std::vector<key_info>& table) {
  for (const auto& info : table) {
    if (info.path == "name") continue;
    CAPTURE(info.path);
    const auto* value = child(section, info.path);
    REQUIRE(value != nullptr);
    if (info.standard.empty()) continue;
    const auto shown = value->is == yaml_value::form::list ? value->items.at(0).text : value->text;
    CHECK(shown == info.standard);
  }
}

std::string without_comments(const std::string& yaml) {
  std::istringstream in(yaml);
  std::string out;
  for (std::string line; std::getline(in, line);) out += line.substr(0, line.find("  #")) + "\n";
  return out;
}

}  // namespace

TEST_CASE("the reference file runs as it is") {
  const auto loaded = load(file_text("openelectricity-stream.yaml"));
  CHECK(lines(loaded).empty());
  REQUIRE(loaded.config);
  CHECK(without_comments(loaded.resolved_yaml) == without_comments(load("").resolved_yaml));
}

TEST_CASE("the reference file documents every key, with its default, and no other") {
  const auto text = switched_on(file_text("openelectricity-stream.yaml"));
  problem_log log("reference");
  const auto root = parse_yaml(text, env_of({}), log);
  REQUIRE(root);
  check_documented(&*root, daemon_key_infos());
  check_documented(child(&*root, "defaults"), stream_key_infos());
  for (const auto& line : lines(load(text))) {
    CAPTURE(line);
    CHECK_FALSE(has(line, "unknown"));
    CHECK_FALSE(has(line, "duplicate"));
    CHECK_FALSE(has(line, "must be"));
  }
}

TEST_CASE("the schema for editors is the one that the table generates") {
  CHECK(file_text("openelectricity-stream.schema.json") == configuration_json_schema());
}

TEST_CASE("the schema and the reference know every key") {
  const auto schema = configuration_json_schema();
  for (const auto* table : {&daemon_key_infos(), &stream_key_infos()}) {
    for (const auto& info : *table) {
      CAPTURE(info.path);
      CHECK(has(schema, "\"" + std::string(info.path.substr(info.path.rfind('.') + 1)) + "\": {"));
      CHECK(has(schema, info.doc));
    }
  }
}

TEST_CASE("every default of the table passes its own check") {
  for (const auto* table : {&daemon_key_infos(), &stream_key_infos()}) {
    for (const auto& info : *table) {
      CAPTURE(info.path);
      CHECK_FALSE(info.doc.empty());
      if (info.standard.empty()) continue;
      CHECK(std::holds_alternative<setting_value>(read_scalar(info, std::string(info.standard))));
    }
  }
}

TEST_CASE("print-config read back gives the same configuration") {
  const auto first = load(
      "progress_path: '/srv/a b$$c: \"x\"'\nbudget: {plan: PRO, credits_per_day: 7, requests_per_second: 0.25, share: "
      "0.123456789}\n"
      "kafka: {bootstrap_servers: ['[::1]:9092', b], properties: {linger.ms: 5, client.id: 'null', debug: ''}}\n"
      "api: {max_body: 100000B, connect_timeout: 1500ms}\n"
      "testing: {clock: {real_anchor: 1700000000000000, shown: '2026-01-01T10:00:00+10:00', speed: 2.5}}\n"
      "defaults: {start: 2026-01-15}\n"
      "streams:\n- {name: 'true', metrics: [power, energy], network_region: NSW1, batch_size_hours: 0.1, priority: "
      "-3}\n"
      "- {name: '007', network_code: WEM, fueltech: [wind], topic: '${T:-x}.{stream}', publish_after: 90m}\n");
  REQUIRE(first.config);
  const auto second = load(first.resolved_yaml);
  CHECK(second.config);
  CHECK(without_comments(second.resolved_yaml) == without_comments(first.resolved_yaml));
  REQUIRE(second.config);
  CHECK(second.config->progress_path == "/srv/a b$c: \"x\"");
  CHECK(second.config->streams.at(1).topic == "x.{stream}");
  CHECK(second.config->publish.properties == first.config->publish.properties);
}
