#include "pipeline/request_group.hpp"

#include <algorithm>
#include <set>

#include "records/schema.hpp"

namespace oes {
namespace {

group_member make_member(const stream_spec& stream, const group_identity& id, const stream_part& part) {
  group_member member;
  member.key = {stream.name, part.name};
  member.metrics = part.metrics;
  member.start = stream.start;
  member.publish_nulls = stream.publish_nulls;
  member.revisions = stream.revisions;
  member.options.stream = stream.name;
  member.options.topic = topic_for(stream, id.from, part.name);
  member.options.identity = id;
  member.options.key = stream.key;
  member.options.states_provisional = stream.edge == edge_policy::provisional;
  if (stream.schema_header) member.options.schema = schema_name(id.from);
  return member;
}

std::vector<re_read> re_reads_of(const stream_spec& stream) {
  return stream.re_reads.empty() ? usual_re_reads(stream.net, stream.interval) : stream.re_reads;
}

// An answer is widened once, so its columns must be what each member wants.
bool same_columns(const request_group& group, const stream_part& part) {
  return group.identity.shape == record_shape::long_form || group.members.front().metrics == part.metrics;
}

bool travels_with(const request_group& group, const group_identity& id, const stream_spec& stream,
                  const stream_part& part) {
  return group.identity == id && group.trigger == stream.trigger && group.edge == stream.edge &&
         group.batch_size == stream.batch_size && group.publish_after == stream.publish_after &&
         group.re_reads == re_reads_of(stream) && same_columns(group, part);
}

}  // namespace

std::vector<request_group> make_groups(const std::vector<stream_spec>& streams) {
  std::vector<request_group> groups;
  for (const auto& stream : streams) {
    for (const auto& part : parts_of(stream)) {
      const auto id = identity_for(stream, part.from);
      auto group = std::find_if(groups.begin(), groups.end(),
                                [&](const request_group& g) { return travels_with(g, id, stream, part); });
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
      group->members.push_back(make_member(stream, id, part));
    }
  }
  return groups;
}

std::size_t metrics_in(const request_group& group) {
  std::set<std::string> metrics;
  for (const auto& member : group.members) metrics.insert(member.metrics.begin(), member.metrics.end());
  return metrics.size();
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
