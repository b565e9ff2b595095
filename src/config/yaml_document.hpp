#pragma once
// A YAML file as a tree of our own: positions kept, variables expanded, duplicate keys reported. yaml-cpp ends here.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/expand.hpp"
#include "config/problem_log.hpp"

namespace oes {

struct yaml_entry;

struct yaml_value {
  enum class form { null, scalar, list, map };
  form is = form::null;
  source_position at;
  std::string text;     ///< scalar, expanded
  bool failed = false;  ///< its expansion failed, which has been reported: take it as not there
  std::vector<yaml_value> items;
  std::vector<yaml_entry> entries;
};

struct yaml_entry {
  std::string key;
  source_position at;
  yaml_value value;
};

/// `a list`, `a map`, `nothing`, `'text'`: what was found, for messages. Never call it on a secret.
std::string found(const yaml_value& value);

/// The root map. nullopt when the text is no YAML at all (reported). An empty file is an empty map.
std::optional<yaml_value> parse_yaml(std::string_view text, const environment& env, problem_log& log);

}  // namespace oes
