#include "app/topic_formats.hpp"

#include <algorithm>

namespace oes {

std::map<std::string, topic_format> topic_formats(const configuration& config,
                                                  const std::vector<request_group>& groups) {
  std::map<std::string, topic_format> out;
  for (const auto& group : groups) {
    for (const auto& member : group.members) out[member.options.topic] = {member.options.format, record_kind::point};
  }
  const auto& list = config.facilities;
  if (list.enabled) out[list.topic] = {list.format, record_kind::facility_unit};
  return out;
}

bool knows_avro(const std::map<std::string, topic_format>& topics,
                const std::map<member_key, member_progress>& members) {
  return std::any_of(topics.begin(), topics.end(),
                     [](const auto& one) { return one.second.format == record_format::avro; }) ||
         std::any_of(members.begin(), members.end(), [](const auto& one) { return is_of_avro(one.second.identity); });
}

}  // namespace oes
