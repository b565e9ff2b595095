#include "pipeline/request_group.hpp"

#include <algorithm>

namespace oes {
namespace {

group_member make_member(const stream_spec& stream, const group_identity& id, const std::string& metric) {
  group_member member;
  member.key = {stream.name, metric};
  member.start = stream.start;
  member.publish_nulls = stream.publish_nulls;
  member.options.stream = stream.name;
  member.options.topic = topic_for(stream, id.from, metric);
  member.options.identity = id;
  member.options.key = stream.key;
  if (stream.edge == edge_policy::provisional) member.options.provisional = true;
  return member;
}

bool travels_with(const request_group& group, const group_identity& id, const stream_spec& stream) {
  return group.identity == id && group.trigger == stream.trigger && group.edge == stream.edge &&
         group.batch_size == stream.batch_size;
}

}  // namespace

std::vector<request_group> make_groups(const std::vector<stream_spec>& streams) {
  std::vector<request_group> groups;
  for (const auto& stream : streams) {
    for (const auto& metric : stream.metrics) {
      const auto id = identity_for(stream, endpoint_for(metric));
      auto group = std::find_if(groups.begin(), groups.end(),
                                [&](const request_group& g) { return travels_with(g, id, stream); });
      if (group == groups.end()) {
        groups.push_back({id, stream.trigger, stream.edge, stream.batch_size, stream.priority, {}});
        group = groups.end() - 1;
      }
      group->priority = std::max(group->priority, stream.priority);
      group->members.push_back(make_member(stream, id, metric));
    }
  }
  return groups;
}

std::string stream_names(const request_group& group) {
  std::string out;
  std::string last;
  for (const auto& member : group.members) {
    if (member.stream() == last) continue;
    if (!out.empty()) out += ',';
    out += last = member.stream();
  }
  return out;
}

}  // namespace oes
