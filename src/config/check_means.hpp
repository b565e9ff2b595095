#pragma once
// What checks may go by beside the text of a configuration: questions to the machine and to librdkafka.
#include <functional>
#include <optional>
#include <string>

#include "config/problem_log.hpp"
#include "model/time.hpp"
#include "publish/publish_settings.hpp"
#include "registry/registry_settings.hpp"

namespace oes {

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

}  // namespace oes
