#pragma once
// YAML file + environment → configuration, or every problem at once.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/check_means.hpp"
#include "config/config_values.hpp"
#include "config/configuration.hpp"
#include "config/expand.hpp"
#include "config/problem_log.hpp"

namespace oes {

struct loaded_configuration {
  std::optional<configuration> config;  ///< absent when there is any fault
  std::vector<config_problem> problems;
  std::string log_format = "text";  ///< as far as it is known, also where there are faults
  config_values values;             ///< what `config` was made of; empty where that is absent
  std::string resolved_yaml;        ///< for print-config: every key with its value, secrets as `[redacted]`
};

/// Of this process.
environment process_environment();

/// Where a configuration is written.
struct config_source {
  std::string file;  ///< its path, or what a given text is called; empty: none, environment and defaults only
  environment env;
  std::optional<std::string> text = {};       ///< given: no file is read
  std::vector<config_problem> warnings = {};  ///< of how it was found: told with those of the text
};

/// Never throws for a user's mistake.
/// A value in the file goes before the environment, the environment before a default.
loaded_configuration load_configuration(const config_source& source, const check_means& means = {});
/// The same from text. `file_name` empty: there is no file.
loaded_configuration parse_configuration(std::string_view yaml, const std::string& file_name, const environment& env,
                                         const check_means& means = {});

/// What a command needs that only asks: the daemon's environment (its key, its brokers) is often not the asker's.
struct loaded_contact {
  std::optional<telemetry_settings> telemetry;  ///< absent when a fault concerns these two, or the file as a whole
  std::string progress_path;
  std::string deployment;                ///< empty: neither the file nor the asker's environment names it
  std::vector<config_problem> problems;  ///< only such faults
};
loaded_contact load_contact(const config_source& source);
/// The same from text, for tests.
loaded_contact parse_contact(std::string_view yaml, const std::string& file_name, const environment& env);

/// JSON Schema (draft-07) of the configuration file, for editors; config/openelectricity-stream.schema.json is its
/// text.
std::string configuration_json_schema();

}  // namespace oes
