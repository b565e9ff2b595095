#pragma once
// Topics at start: what exists and how it is set, what must be made, what is wrong (records.md §3, guarantee.md §2).
#include <map>
#include <string>
#include <vector>

#include "kafka/topic_facts.hpp"
#include "model/error.hpp"
#include "publish/publish_settings.hpp"
#include "publish/wanted_topic.hpp"
#include "telemetry/log.hpp"

namespace oes {

struct topic_report {
  std::string cluster_id;  ///< empty: not told
  std::map<std::string, topic_facts> topics;
};

/// What is done about topics that are not there.
enum class missing_topics { make, leave };

/// Blocking: call on the blocking executor. Makes what is missing as `create_topics` allows, checks what exists.
/// `home`: the cluster that the progress known so far is of; in any other nothing is made, and what is missing there is
/// reported without partitions. Empty: every cluster will do.
/// kafka_unavailable: try again later. kafka_refused: one line naming the topic, what is wrong, and for a missing topic
/// that may not be made the exact kafka-topics line.
result<topic_report> prepare_topics(const publish_settings& settings, const std::vector<wanted_topic>& wanted,
                                    logger& log, const std::string& home = {});

/// The same, but nothing is made: what is missing and could be made is reported without partitions.
result<topic_report> look_at_topics(const publish_settings& settings, const std::vector<wanted_topic>& wanted,
                                    logger& log, const std::string& home = {});

/// Blocking. Whether the topics that are there still will do; makes nothing. Errors: as above. What will do and is not
/// as promised: a line of all such topics, else empty.
result<std::string> recheck_topics(const publish_settings& settings, const std::vector<wanted_topic>& wanted,
                                   logger& log);

}  // namespace oes
