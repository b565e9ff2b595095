#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "config/checks.hpp"
#include "config/text_checks.hpp"

namespace oes {
namespace {

// One metric of one stream on its way to its topic.
struct flow {
  std::size_t stream;
  std::string metric;  ///< "*" in wide records
  group_identity identity;
  std::string topic;
};

std::vector<flow> flows_of(const stream_spec& spec, std::size_t index) {
  std::vector<flow> out;
  const bool wide = spec.shape == record_shape::wide;
  if (wide && spec.topic.find("{metric}") != std::string::npos) return out;  // the stream's own checks say so
  for (auto& part : parts_of(spec)) {
    auto topic = topic_for(spec, part.from, part.name);
    out.push_back({index, std::move(part.name), identity_for(spec, part.from), std::move(topic)});
  }
  return out;
}

// Whether two filters let the same value through; an empty one lets all through.
bool overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return true;
  const std::set<std::string_view> there(b.begin(), b.end());
  return std::any_of(a.begin(), a.end(), [&](const std::string& value) { return there.contains(value); });
}

bool all_of(const series_filter& filter) {
  return std::find(filter.facility_codes.begin(), filter.facility_codes.end(), all_facilities) !=
         filter.facility_codes.end();
}

bool units_can_meet(const series_filter& x, const series_filter& y) {
  if (!all_of(x) && !all_of(y) && !overlap(x.facility_codes, y.facility_codes)) return false;
  return overlap(x.fueltechs, y.fueltechs) && overlap(x.fueltech_groups, y.fueltech_groups);
}

// Records with the same metric, labels and interval get the same key (records.md §2).
bool keys_can_meet(const flow& a, const flow& b) {
  const auto& x = a.identity;
  const auto& y = b.identity;
  if (a.topic != b.topic || a.metric != b.metric || x.net != y.net || x.interval != y.interval) return false;
  const bool units = x.from == endpoint::facility;
  if (units != (y.from == endpoint::facility)) return false;
  if (x.primary != y.primary || x.secondary != y.secondary) return false;  // other labels
  if (!x.filter.network_region.empty() && !y.filter.network_region.empty() &&
      x.filter.network_region != y.filter.network_region) {
    return false;
  }
  if (units) return units_can_meet(x.filter, y.filter);
  if (x.secondary == secondary_grouping::fueltech) return overlap(x.filter.fueltechs, y.filter.fueltechs);
  if (x.secondary == secondary_grouping::fueltech_group) {
    return overlap(x.filter.fueltech_groups, y.filter.fueltech_groups);
  }
  return true;
}

void check_names(const check_subject& subject, const std::vector<flow>& flows, problem_log& log) {
  for (const auto& f : flows) {
    const auto& s = subject.settings.streams[f.stream].values.at("topic");
    const auto complaint = check_topic_name(f.topic);
    if (!complaint.empty()) log.fault(s.at, s.key, complaint);
    if (f.topic == progress_topic(subject.config.publish)) {
      log.fault(s.at, s.key, "'" + f.topic + "' is this deployment's progress topic");
    }
  }
}

void check_meetings(const check_subject& subject, const std::vector<flow>& flows, problem_log& log) {
  std::set<std::pair<std::size_t, std::size_t>> told;
  std::map<std::pair<std::string_view, std::string_view>, std::vector<std::size_t>>
      earlier_of;  // in a topic, by metric
  for (std::size_t i = 0; i < flows.size(); ++i) {
    auto& before = earlier_of[{flows[i].topic, flows[i].metric}];
    for (const auto j : before) {
      if (log.is_full()) return;
      if (!keys_can_meet(flows[i], flows[j]) || !told.emplace(flows[j].stream, flows[i].stream).second) continue;
      const auto& later = subject.settings.streams[flows[i].stream];
      const auto& earlier = subject.settings.streams[flows[j].stream];
      const auto what = flows[i].metric == wide_metric ? std::string("wide records") : flows[i].metric;
      log.fault(later.at, later.key,
                "its " + what + " would get the same keys as " +
                    (&later == &earlier ? "other records of it"
                                        : "stream '" + subject.config.streams[flows[j].stream].name + "' (line " +
                                              std::to_string(earlier.at.line) + ")") +
                    " in topic '" + flows[i].topic + "'; give one of them another topic, metric, region or fueltech");
    }
    before.push_back(i);
  }
}

std::string mixed_groupings(const std::string& topic, const std::string& here, const std::string& there,
                            const std::string& other) {
  return "topic '" + topic + "' gets records grouped by " + here + " here and by " + there + " from stream '" + other +
         "': a reader of the 22 columns cannot tell them apart and counts twice; give one its own topic, e.g. "
         "openelectricity.{dataset}.{interval}.{stream}.v1";
}

// The replaced source's 22 columns cannot tell two groupings or interval sizes of a network apart (records.md §1).
void check_sharing(const check_subject& subject, const std::vector<flow>& flows, problem_log& log) {
  std::map<std::pair<std::string, network>, const flow*> first;
  std::set<std::tuple<std::size_t, std::string, std::string>> told;
  for (const auto& f : flows) {
    const auto [at, fresh] = first.try_emplace({f.topic, f.identity.net}, &f);
    const auto& other = *at->second;
    const auto mine = grouping_name(f.identity) + " " + std::string(code(f.identity.interval));
    const auto theirs = grouping_name(other.identity) + " " + std::string(code(other.identity.interval));
    if (fresh || mine == theirs || !told.emplace(f.stream, f.topic, mine).second) continue;
    const auto& s = subject.settings.streams[f.stream].values.at("topic");
    log.warn(s.at, subject.settings.streams[f.stream].key + ".topic",
             mixed_groupings(f.topic, mine, theirs, subject.config.streams[other.stream].name));
  }
}

}  // namespace

void check_topics(const check_subject& subject, problem_log& log) {
  std::vector<flow> flows;
  for (std::size_t i = 0; i < subject.config.streams.size(); ++i) {
    if (subject.settings.streams[i].is_doubtful()) continue;
    auto more = flows_of(subject.config.streams[i], i);
    flows.insert(flows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  check_names(subject, flows, log);
  check_meetings(subject, flows, log);
  check_sharing(subject, flows, log);
}

}  // namespace oes
