#pragma once
// How a topic of ours is made, and whether one that exists will do (records.md §3, guarantee.md §2). Pure.
#include <map>
#include <string>

#include "kafka/topic_facts.hpp"
#include "model/error.hpp"
#include "publish/publish_settings.hpp"
#include "publish/wanted_topic.hpp"

namespace oes {

/// Those for the kind of topic.
const topic_wishes& wish_for(topic_use use, const topic_wishes_by_kind& all);
/// Replication up to 3 and, where there are three copies, two of them in sync before a write counts; the operator's
/// wishes go before that.
topic_plan plan_topic(const wanted_topic& wanted, int brokers, const topic_wishes_by_kind& wishes = {});
/// What of a topic that exists differs from the operator's wishes; empty: nothing.
std::string difference_from_wishes(const wanted_topic& wanted, const topic_facts& facts,
                                   const topic_wishes_by_kind& wishes);
[[nodiscard]] bool may_create(const wanted_topic& wanted, topic_creation allowed);
/// The command with which an operator makes the topic.
std::string kafka_topics_line(const topic_plan& plan, const std::string& bootstrap_servers);
/// kafka_refused for a topic that would lose what it is for: a progress topic with more partitions or a policy that
/// deletes, a compacted topic of records whose key names a series.
result<void> check_topic(const wanted_topic& wanted, const topic_facts& facts);
/// "cleanup.policy=compact min.insync.replicas=1"
std::string settings_text(const std::map<std::string, std::string>& settings);

}  // namespace oes
