#pragma once
// YAML file + environment → configuration, or every problem at once.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_values.hpp"
#include "config/configuration.hpp"

namespace oes {

enum class severity { fault, warning };

/// One problem of a configuration: where, which key, what was found, what is allowed.
struct config_problem {
  severity level = severity::fault;
  std::string file;  ///< empty: from the environment or a default
  int line = 0;      ///< 1-based; 0: no position
  int column = 0;
  std::string key;      ///< dotted path, `streams[2].metrics[0]`
  std::string message;  ///< one line: found, allowed, nearest known
};

/// `file:line:column: error: key: message`
std::string describe(const config_problem& problem);

struct loaded_configuration {
  std::optional<configuration> config;  ///< absent when there is any fault
  std::vector<config_problem> problems;
  std::string log_format = "text";  ///< as far as it is known, also where there are faults
  config_values values;             ///< what `config` was made of; empty where that is absent
  std::string resolved_yaml;        ///< for print-config: every key with its value, secrets as `[redacted]`
};

/// Reads an environment variable; a parameter so that tests need no real environment.
using environment = std::function<std::optional<std::string>(const std::string&)>;
environment process_environment();

/// Where a configuration is written.
struct config_source {
  std::string file;  ///< its path, or what a given text is called; empty: none, environment and defaults only
  environment env;
  std::optional<std::string> text = {};  ///< given: no file is read
};

/// Whether missing bootstrap servers are a fault: `run --dry-run` touches no Kafka.
enum class kafka_need { required, not_needed };

struct folder_verdict {
  std::string complaint;  ///< empty: none
  severity level = severity::fault;
};

/// What a check may go by beside the text. Without them it is of the text alone.
struct check_means {
  check_means(kafka_need need = kafka_need::required) : kafka(need) {}  // NOLINT(google-explicit-constructor)
  kafka_need kafka;
  /// Asks librdkafka; only the publish room may, so whoever knows both hands it over.
  std::function<kafka_trial_outcome(const publish_settings&)> try_kafka = {};
  std::optional<utc_time> now = {};
  /// Whether address and certificates of a registry can be used, without asking it: a complaint, or nothing.
  std::function<std::string(const registry_settings&)> try_registry = {};
  /// The same of the API's address, and of a file of certificates.
  std::function<std::string(const std::string&)> try_url = {};
  std::function<std::string(const std::string&)> try_ca_file = {};
  std::function<folder_verdict(const std::string&)> try_folder = {};  ///< looks at progress_path
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
