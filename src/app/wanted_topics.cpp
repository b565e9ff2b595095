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
  std::map<std::string, int> partitions;
  for (const auto& group : groups) {
    const int wanted = asked_in_batches(group.identity) ? facility_partitions : usual_partitions;
    for (const auto& member : group.members) {
      auto& known = partitions[member.options.topic];
      known = std::max(known, wanted);
    }
  }
  std::vector<wanted_topic> wanted;
  wanted.push_back({progress_topic(config.publish), 1, topic_use::progress});
  for (const auto& [name, count] : partitions) wanted.push_back({name, count, topic_use::data});
  const auto& list = config.facilities;
  if (list.enabled) wanted.push_back({list.topic, usual_partitions, topic_use::newest_only});
  return wanted;
}

}  // namespace oes
