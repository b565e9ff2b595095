#pragma once
// Helpers of the configuration's tests: an environment made of a map, and the problems as lines.
#include <map>
#include <string>
#include <vector>

#include "config/loader.hpp"

namespace oes::test {

using variables = std::map<std::string, std::string>;

inline environment env_of(variables values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto at = values.find(name);
    if (at == values.end()) return std::nullopt;
    return at->second;
  };
}

/// What a daemon that can start has: a key and a broker.
inline variables usual() {
  return {{"OPENELECTRICITY_API_KEY", "oe_test_key_0001"}, {"KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"}};
}

inline loaded_configuration load(std::string_view yaml, const variables& values = usual()) {
  return parse_configuration(yaml, "c.yaml", env_of(values));
}

inline std::vector<std::string> lines(const loaded_configuration& loaded) {
  std::vector<std::string> out;
  for (const auto& problem : loaded.problems) out.push_back(describe(problem));
  return out;
}

/// All problems, one a line: what a person would see.
inline std::string said(std::string_view yaml, const variables& values = usual()) {
  std::string out;
  for (const auto& line : lines(load(yaml, values))) out += line + "\n";
  return out;
}

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace oes::test
