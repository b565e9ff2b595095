#include "groups/request_group.hpp"

#include <algorithm>
#include <set>

#include "model/travel_terms.hpp"
#include "records/schema.hpp"

namespace oes {
namespace {

constexpr std::string_view avro_mark = "|avro";

tracked_metric make_member(const stream_spec& stream, const group_identity& id, const stream_part& part) {
  tracked_metric member;
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
  member.options.format = stream.format;
  if (stream.schema_header) member.options.schema = schema_name(id.from);
  return member;
}

request_group open_group_for(const travel_terms& terms, int priority) {
  return {terms.identity,      terms.trigger, terms.edge,     terms.batch_size,
          terms.publish_after, priority,      terms.re_reads, {}};
}

}  // namespace

std::vector<request_group> make_groups(const std::vector<stream_spec>& streams) {
  std::vector<request_group> groups;
  std::vector<travel_terms> terms_of_groups;
  for (const auto& stream : streams) {
    for (const auto& part : parts_of(stream)) {
      const auto terms = terms_of(stream, part);
      const auto known = std::find(terms_of_groups.begin(), terms_of_groups.end(), terms);
      const auto index = known - terms_of_groups.begin();
      if (known == terms_of_groups.end()) {
        terms_of_groups.push_back(terms);
        groups.push_back(open_group_for(terms, stream.priority));
      }
      auto& group = groups[static_cast<std::size_t>(index)];
      group.priority = std::max(group.priority, stream.priority);
      group.members.push_back(make_member(stream, terms.identity, part));
    }
  }
  return groups;
}

std::string identity_of(const request_group& group, const tracked_metric& member) {
  auto out = canonical(group.identity);
  if (member.options.format == record_format::avro) out += avro_mark;
  return out;
}

bool is_of_avro(std::string_view identity) { return identity.ends_with(avro_mark); }

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
