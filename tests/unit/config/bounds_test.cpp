#include <doctest/doctest.h>

#include <algorithm>

#include "config_support.hpp"

using namespace oes;
using namespace oes::test;

namespace {

// The problems of a text that must be refused. How long that takes is measured on the program itself
// (tests/integration/app/test_check_config.py).
std::string refused(const std::string& yaml) {
  const auto loaded = load(yaml);
  CHECK_FALSE(loaded.config);
  std::string out;
  for (const auto& line : lines(loaded)) out += line + "\n";
  CHECK(out.size() < 200'000);
  return out;
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("D4: what stands behind the first document is one fault, wherever yaml-cpp would go on for ever") {
  for (const auto* yaml :
       {R"({"deployment": "x"},)", "[a],", R"("a",)", "{a: b},,,", "a,\n---\nb", "{}\n}", "[]]", "{} x: y",
        "deployment: x\n---\ndeployment: y", "--- {}\n--- {}\n--- {}", "{}\n,", "{a: 1}, {a: 2}"}) {
    CAPTURE(yaml);
    const auto out = refused(yaml);
    CHECK(has(out, "error: "));
    CHECK(count_lines(out) <= 2);
  }
  CHECK(has(refused(R"({"deployment": "x"},)"),
            "c.yaml:1:20: error: more than one YAML document in the file, or text behind"));
}

TEST_CASE("D4: 49,000 unknown keys are told in a moment, the first of them by name") {
  std::string yaml;
  for (int i = 0; i < 15'000; ++i) yaml += "key_" + std::to_string(i) + ": 1\n";
  const auto out = refused(yaml);
  CHECK(has(out, "key_0: unknown key"));
  CHECK(has(out, "14900 more"));
  for (int i = 15'000; i < 49'000; ++i) yaml += "key_" + std::to_string(i) + ": 1\n";
  CHECK(has(refused(yaml), "too large for a configuration"));
}

TEST_CASE("D4: depth, aliases and repetition have bounds") {
  CHECK(has(refused("a: " + std::string(100'000, '[')), "nested too deeply"));
  CHECK(has(refused("a: " + std::string(100'000, '{')), "nested too deeply"));
  std::string nested;
  for (int i = 0; i < 2'000; ++i) nested += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(has(refused(nested), "nested too deeply"));
  std::string bomb = "x0: &x0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 12; ++i) {
    const auto one = "*x" + std::to_string(i - 1);
    bomb += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [" + one;
    for (int j = 0; j < 8; ++j) bomb += ", " + one;
    bomb += "]\n";
  }
  CHECK(has(refused(bomb), "too large for a configuration"));
  std::string long_alias = "x: &x \"" + std::string(200'000, 'a') + "\"\ny: [*x";
  for (int i = 0; i < 1'000; ++i) long_alias += ", *x";
  CHECK(has(refused(long_alias + "]\n"), "too large for a configuration"));
  CHECK(has(refused("x: &x [*x]"), "nested too deeply"));
  CHECK(has(refused("x: &x {y: *x}"), "nested too deeply"));
  CHECK(has(refused(std::string(500, 'k') + ": 1"), "a key of more than 256 bytes"));
  std::string again;
  for (int i = 0; i < 10'000; ++i) again += "deployment: a\n";
  CHECK(has(refused(again), "duplicate key: it is given on line 1 already"));
}

TEST_CASE("D4: many streams, long lists and large variables have bounds") {
  std::string streams = "streams:\n";
  for (int i = 0; i < 600; ++i) streams += "- name: s" + std::to_string(i) + "\n";
  CHECK(has(refused(streams), "more than 500 streams"));
  std::string metrics = "defaults: {metrics: [";
  for (int i = 0; i < 6'000; ++i) metrics += "m" + std::to_string(i) + ", ";
  CHECK(has(refused(metrics + "x]}"), "longer than 5000"));
  auto values = usual();
  values["BIG"] = std::string(100'000, 'b');
  std::string large = "defaults: {fueltech: [";
  for (int i = 0; i < 1'000; ++i) large += "\"${BIG}\", ";
  CHECK(has(said(large + "x]}", values), "too large for a configuration"));
}

TEST_CASE("D4: 500 streams of every metric in one topic are checked in a moment") {
  std::string yaml = "streams:\n";
  for (int i = 0; i < 500; ++i) {
    yaml += "- {name: s" + std::to_string(i) + ", metrics: [power, energy, emissions, market_value, price, demand]}\n";
  }
  CHECK(has(refused(yaml), "would get the same keys as stream 's0'"));
}

TEST_CASE("D4: a file that is no text is one fault with its place") {
  const auto one = [](const std::string& yaml) {
    auto out = refused(yaml);
    CHECK(count_lines(out) == 1);
    return out;
  };
  CHECK(has(one(std::string("a: b\nc\0d: e", 11)),
            "c.yaml:2:2: error: not a text file: it holds a control character (U+0000)"));
  CHECK(has(one("deployment: caf\xE9\n"), "c.yaml:1:16: error: not a text file: it is not UTF-8"));
  CHECK(has(one("\x7f"
                "ELF\x02\x01\x01"),
            "c.yaml:1:1: error: not a text file"));
  CHECK(has(one(std::string("\xFF\xFE"
                            "a\0:\0",
                            6)),
            "not a text file"));
  std::string random;
  for (int i = 0; i < 300'000; ++i) random += static_cast<char>(i % 251 * 7919 % 251);
  CHECK(has(one(random), "not a text file"));
  CHECK(load("\xEF\xBB\xBF"
             "deployment: x\n")
            .config);
}

TEST_CASE("G1: a value that is no text for a person is refused by its key") {
  CHECK(has(said("defaults: {fueltech: [\"wi\xFFnd\"]}"), "not UTF-8"));
  CHECK(has(said("defaults: {fueltech: [\"wi\\x1bnd\"]}"),
            "defaults.fueltech[0]: the value holds a control character (U+001B)"));
  CHECK(has(said("defaults: {fueltech: [\"wi\\0nd\"]}"), "control character (U+0000)"));
  CHECK(has(said("defaults: {network_region: \"NSW1\\n\"}"), "the text holds a control character (U+000A)"));
  CHECK(has(said("defaults: {fueltech: [\"a\xE2\x80\xAE\"]}"), "U+202E"));
  CHECK(has(said("\"a\\x07b\": 1"), "a key here holds a control character"));
  auto values = usual();
  values["REGION"] = "NSW\xC3";
  CHECK(has(said("defaults: {network_region: \"${REGION}\"}", values), "is not UTF-8"));
  CHECK(load("kafka: {properties: {ssl.ca.pem: \"-----BEGIN\\nAAAA\\n-----END\"}}").config);
}
