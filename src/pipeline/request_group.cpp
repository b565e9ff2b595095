#include "pipeline/request_group.hpp"

#include <algorithm>

namespace oes {
namespace {

group_member make_member(const stream_spec& stream, const group_identity& id, const std::string& metric) {
  group_member member;
  member.key = {stream.name, metric};
  member.start = stream.start;
  member.publish_nulls = stream.publish_nulls;
  member.revisions = stream.revisions;
  member.options.stream = stream.name;
  member.options.topic = topic_for(stream, id.from, metric);
  member.options.identity = id;
  member.options.key = stream.key;
  if (stream.edge == edge_policy::provisional) member.options.provisional = true;
  return member;
}

std::vector<re_read> re_reads_of(const stream_spec& stream) {
  return stream.re_reads.empty() ? usual_re_reads(stream.net, stream.interval) : stream.re_reads;
}

bool travels_with(const request_group& group, const group_identity& id, const stream_spec& stream) {
  return group.identity == id && group.trigger == stream.trigger && group.edge == stream.edge &&
         group.batch_size == stream.batch_size && group.publish_after == stream.publish_after &&
         group.re_reads == re_reads_of(stream);
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
        groups.push_back({id,
                          stream.trigger,
                          stream.edge,
                          stream.batch_size,
                          stream.publish_after,
                          stream.priority,
                          re_reads_of(stream),
                          {}});
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
