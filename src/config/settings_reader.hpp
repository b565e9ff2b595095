#pragma once
// YAML tree + environment → the settings of the daemon and of each stream, by the table of keys.
#include <string>
#include <vector>

#include "config/setting.hpp"
#include "config/yaml_document.hpp"

namespace oes {

struct stream_settings {
  std::string key;     ///< `streams[2]`
  source_position at;  ///< of the stream in the file
  setting_map values;  ///< own, else inherited from `defaults`, else the table's
  /// Some value was refused: what the stream would do is not known, and checks against other streams are left out.
  [[nodiscard]] bool is_doubtful() const;
};

struct all_settings {
  setting_map daemon;
  std::vector<stream_settings> streams;
  std::string registry_proxy;        ///< the one of `api.proxy` or the environment; empty: none
  std::vector<std::string> files;    ///< what else was read: secrets and certificates that stand in files of their own
  std::vector<std::string> secrets;  ///< every secret that was seen, wherever it came from
};

/// Reports unknown keys, wrong types and wrong values. A setting whose value was refused holds its default, so that
/// the checks that follow can go on; the problem keeps the configuration from being used.
all_settings read_settings(const yaml_value& root, const environment& env, problem_log& log);

}  // namespace oes
