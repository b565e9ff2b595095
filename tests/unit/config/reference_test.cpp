// What is derived from the table of keys, and what must agree with it: print-config, the schema, the reference file.
#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "config/map_reader.hpp"
#include "config/scalar_reader.hpp"
#include "config/settings_table.hpp"
#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(std::string(OES_FIXTURES) + "/../../" + path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string file_text(const std::string& name) { return text_of("config/" + name); }

// Keys and their defaults as docs/configuration.md has them: `| `key` | default | …`.
std::multimap<std::string, std::string> rows_of_keys(const std::string& section) {
  static const std::regex row(R"(\n\| `([a-z_.]+)` \| ([^|]*) \|)");
  std::multimap<std::string, std::string> found;
  for (std::sregex_iterator at(section.begin(), section.end(), row), none; at != none; ++at) {
    found.emplace((*at)[1].str(), (*at)[2].str());
  }
  return found;
}

void check_rows(const std::string& section, const std::vector<key_info>& table) {
  const auto rows = rows_of_keys(section);
  CHECK(rows.size() == table.size());
  for (const auto& info : table) {
    CAPTURE(info.path);
    const std::string path(info.path);
    REQUIRE(rows.count(path) == 1);
    const auto shown = rows.find(path)->second;
    const auto standard = std::string(info.standard);
    CHECK(shown == (standard.empty() ? "–" : "`" + standard + "`"));
    const auto line = section.substr(section.find("\n| `" + path + "` |") + 1);
    for (const auto& choice : info.rules.choices) {
      CAPTURE(choice);
      CHECK(has(line.substr(0, line.find('\n')), choice));
    }
  }
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

TEST_CASE("the configuration that README.md begins with runs as it is") {
  const auto text = text_of("README.md");
  const std::string opening = "```yaml\n";
  const auto begin = text.find(opening) + opening.size();
  REQUIRE(begin > opening.size());
  const auto loaded = load(text.substr(begin, text.find("```", begin) - begin), {{"OPENELECTRICITY_API_KEY", "k"}});
  CHECK(lines(loaded).empty());
  REQUIRE(loaded.config);
  CHECK(loaded.config->streams.size() == 2);
}

TEST_CASE("the file that an installation lays down lacks the key and the brokers alone") {
  auto text = file_text("installed.yaml");
  const std::string key_file = "api_key_file: /etc/openelectricity-stream/secrets/api_key";
  REQUIRE(has(text, key_file));
  text.replace(text.find(key_file), key_file.size(), "api_key: k");
  CHECK(lines(load(text, {{"KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"}})).empty());
  CHECK(has(said(text, {}), "kafka.bootstrap_servers"));
  CHECK(said(switched_on(text)).empty());
}

// dpkg asks about a configuration that an operator edited and a release changed, and fails where nobody answers; every
// operator edits this one. New keys go into openelectricity-stream.yaml, which is installed as an example.
TEST_CASE("I12: the file that an installation lays down stays as it is from release to release") {
  std::uint64_t fnv = 0xcbf29ce484222325;
  for (const char c : file_text("installed.yaml")) {
    fnv = (fnv ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  CHECK(fnv == 0x86a21861a450fb27);
}

TEST_CASE("docs/configuration.md has a row for every key, with its default and its choices, and for no other") {
  const auto text = text_of("docs/configuration.md");
  const auto of_streams = text.find("\n## Keys of a stream\n");
  const auto of_daemon = text.find("\n## Keys of the daemon\n");
  REQUIRE(of_streams != std::string::npos);
  REQUIRE(of_daemon != std::string::npos);
  REQUIRE(of_streams < of_daemon);
  check_rows(text.substr(of_streams, of_daemon - of_streams), stream_key_infos());
  check_rows(text.substr(of_daemon), daemon_key_infos());
}

TEST_CASE("I11: wherever at_least_once is offered it is said that a batch may repeat without a crash, too") {
  for (const auto* paper : {"README.md", "docs/guarantee.md", "docs/configuration.md",
                            "config/openelectricity-stream.yaml", "config/openelectricity-stream.schema.json"}) {
    CAPTURE(paper);
    const auto text = text_of(paper);
    const std::regex both(R"(after a crash,[\s#]+or[^.]*(answer of a[\s#]+broker|broker's[\s#]+reply))");
    CHECK(std::regex_search(text, both));
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
