#pragma once
// What the publish room (and the Kafka side of progress/) can be told.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kafka/connection_settings.hpp"

namespace oes {

enum class delivery_guarantee { exactly_once, at_least_once };
enum class topic_creation { all, progress, none };

/// How topics of one kind are made, where an operator wants other than usual.
struct topic_wishes {
  std::optional<int> partitions;
  std::optional<int> replication;
  std::map<std::string, std::string> config;  ///< go before the usual ones
};
struct topic_wishes_by_kind {
  topic_wishes data;
  topic_wishes facilities;
  topic_wishes progress;  ///< `partitions` is not asked: it has one
};

struct publish_settings : connection_settings {
  std::string deployment = "openelectricity";
  delivery_guarantee delivery = delivery_guarantee::exactly_once;
  bool standby = true;
  topic_creation create_topics = topic_creation::progress;
  topic_wishes_by_kind topics;
  std::chrono::milliseconds session_timeout = std::chrono::seconds(6);
  std::chrono::milliseconds transaction_timeout = std::chrono::seconds(30);
  std::chrono::milliseconds message_timeout = std::chrono::seconds(20);
  std::chrono::seconds producer_idle_retirement = std::chrono::hours(1);
  std::size_t max_transaction_records = 50'000;
  std::size_t max_transaction_bytes = 16UL * 1024 * 1024;
  std::size_t queue_kbytes = 64UL * 1024;  ///< queue.buffering.max.kbytes
};

/// What librdkafka says of settings when it is asked before the start.
struct kafka_complaint {
  enum class kind { unknown_property, wrong, likely_mistake };
  kind is = kind::wrong;
  std::string property;  ///< empty: of all together
  std::string text;      ///< for unknown_property: empty
};
struct kafka_trial_outcome {
  std::vector<kafka_complaint> complaints;
  std::vector<std::string> known_properties;  ///< only with an unknown one
};

/// `openelectricity.progress.<deployment>`
inline std::string progress_topic(const publish_settings& s) { return "openelectricity.progress." + s.deployment; }

}  // namespace oes
