#pragma once
// Which of its rights the daemon has, found out by requests that change nothing and take no part in the deployment: its
// group is not joined, its transactional id not used.
#include <string>
#include <vector>

#include "model/error.hpp"
#include "publish/publish_settings.hpp"
#include "publish/right_finding.hpp"
#include "publish/wanted_topic.hpp"
#include "telemetry/log.hpp"

namespace oes {

struct topic_finding {
  std::string name;
  std::string state;    ///< `3 partitions, 1 copy, …`, or that it is missing
  std::string trouble;  ///< the daemon would not start or not publish with it; empty: none
  std::string doubt;    ///< of its settings; empty: none
};

struct kafka_findings {
  int brokers = 0;
  std::string cluster_id;
  std::vector<topic_finding> topics;
  std::vector<right_finding> rights;
};

/// Blocking, up to some ten seconds a question that is not answered. Error: Kafka cannot be talked to at all, with the
/// broker's or network's own reason.
result<kafka_findings> ask_kafka(const publish_settings& settings, const std::vector<wanted_topic>& wanted,
                                 logger& log);

}  // namespace oes
