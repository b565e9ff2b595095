#pragma once
// Walks one map of the YAML tree by a table of keys.
#include <string>
#include <string_view>
#include <vector>

#include "config/setting.hpp"
#include "config/yaml_document.hpp"

namespace oes {

struct key_scope {
  const std::vector<key_info>& table;
  std::string shown_prefix;            ///< `streams[0].`: put before paths in messages
  std::vector<std::string> elsewhere;  ///< keys of this map that somebody else reads
  /// What to say of an unknown key, where the place knows better than the nearest word; empty: nothing.
  std::string (*hint)(const std::string& path) = nullptr;
  std::string_view free_prefix = {};  ///< keys of this map that begin so are the writer's own; empty: none
};

/// What the file says, by path. Keys left empty (null) are not there; a refused value, reported, is there but not set.
setting_map read_map(const yaml_value& map, const key_scope& scope, problem_log& log);

}  // namespace oes
