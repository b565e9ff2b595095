#include "app/wanted_topics.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "facilities/facility_batches.hpp"

namespace oes {
namespace {

// Unit series are ten times as many as others: more partitions (records.md §3).
constexpr int usual_partitions = 3;
constexpr int facility_partitions = 6;

}  // namespace

std::vector<wanted_topic> wanted_topics(const configuration& config, const std::vector<request_group>& groups) {
  std::map<std::string, wanted_topic> data;
  for (const auto& group : groups) {
    const int partitions = asked_in_batches(group.identity) ? facility_partitions : usual_partitions;
    for (const auto& member : group.members) {
      const auto& name = member.options.topic;
      auto& known = data.try_emplace(name, wanted_topic{name, partitions, topic_use::data}).first->second;
      known.partitions = std::max(known.partitions, partitions);
      if (member.options.key == record_key_policy::series) known.use = topic_use::data_by_series;
    }
  }
  std::vector<wanted_topic> wanted;
  wanted.push_back({progress_topic(config.publish), 1, topic_use::progress});
  for (const auto& [name, topic] : data) wanted.push_back(topic);
  const auto& list = config.facilities;
  if (list.enabled) wanted.push_back({list.topic, usual_partitions, topic_use::newest_only});
  return wanted;
}

}  // namespace oes
