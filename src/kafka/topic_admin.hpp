#pragma once
// The few questions and orders to a broker that topics at start need. Blocking, each with its own deadline.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "kafka/consumer.hpp"
#include "kafka/topic_facts.hpp"
#include "model/error.hpp"
#include "telemetry/log.hpp"

namespace oes {

struct cluster_view {
  int brokers = 0;
  std::map<std::string, topic_facts> topics;  ///< without settings and watermarks
};

/// What DescribeConfigs says.
struct settings_view {
  std::map<std::string, std::map<std::string, std::string>> topics;
  std::map<std::string, std::string> unreadable;  ///< topic → why
};

class topic_admin final {
 public:
  static result<std::unique_ptr<topic_admin>> connect(const connection_settings& settings, logger& log);

  result<cluster_view> look();
  /// A topic that this user may not describe looks like one that is missing; asked by its name, the broker tells them
  /// apart.
  result<void> may_see(const std::string& topic);
  std::string cluster_id();
  /// librdkafka's embedded broker, known by its cluster id. It never answers admin calls.
  bool is_mock() { return cluster_id().starts_with("mockCluster"); }
  /// Of each topic the settings that the daemon looks at, and those named in `also`.
  result<settings_view> settings_of(const std::vector<std::string>& topics, const std::set<std::string>& also = {});
  /// A topic that exists meanwhile is fine: another instance may start at the same time.
  result<void> create(const std::vector<topic_plan>& plans);
  /// Whether the topic could be made, without making it. kafka_refused, with the broker's reason: it could not.
  result<void> try_to_create(const topic_plan& plan);
  /// Sums over the partitions; sees beyond open transactions.
  result<void> measure(const std::string& topic, topic_facts& facts);

 private:
  explicit topic_admin(std::unique_ptr<kafka_consumer> asking) : asking_(std::move(asking)) {}
  kafka_event answer(kafka_queue& from, int type);
  enum class creation { for_good, on_trial };
  result<kafka_event> ask_to_create(const std::vector<topic_plan>& plans, creation how);
  /// Of a call that failed.
  [[nodiscard]] std::string reason(rd_kafka_resp_err_t failed) const { return asking_->reason(failed); }

  std::unique_ptr<kafka_consumer> asking_;
};

/// For a broker without admin calls: asking for a topic's metadata as a producer makes it.
result<void> create_by_asking(const connection_settings& settings, const std::vector<std::string>& topics, logger& log);

}  // namespace oes
