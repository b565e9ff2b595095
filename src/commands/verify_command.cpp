// `progress verify`: progress against the data topics.
#include <iostream>
#include <optional>
#include <set>

#include "app/topic_access.hpp"
#include "avro/frame.hpp"
#include "avro/record_decoder.hpp"
#include "commands/progress_commands.hpp"
#include "commands/read_kafka.hpp"
#include "groups/request_group.hpp"
#include "kafka/topic_scan.hpp"
#include "registry/schema_lookup.hpp"
#include "verify/verification.hpp"

namespace oes {
namespace {

constexpr auto patience = std::chrono::minutes(3);

struct subject {
  configuration config;
  progress_settings kafka;
  std::map<member_key, std::string> topics;  ///< of the members that are compared
  std::vector<std::string> data;             ///< those topics, each once
};

exit_code comparison_failed(const error& why) {
  std::cerr << why.context << '\n';
  return exit_code_for(why.code);
}

result<progress_state> read_progress(const configuration& config) {
  auto found = read_kafka(config, patience);
  if (!found) return found.error();
  if (*found) return std::move((*found)->snapshot.state);
  return error{errc::refused, "Kafka holds no progress of deployment " + config.publish.deployment};
}

std::map<member_key, std::string> topics_of(const configuration& config) {
  std::map<member_key, std::string> out;
  for (const auto& group : make_groups(config.streams)) {
    for (const auto& member : group.members) out[member.key] = member.options.topic;
  }
  return out;
}

// Members that take part, and a word about those that cannot.
void choose(subject& what, progress_state& progress, const std::string& stream) {
  for (auto& [key, topic] : topics_of(what.config)) {
    if (!progress.members.contains(key)) continue;
    if (stream.empty() || key.first == stream) what.topics.emplace(key, topic);
  }
  std::set<std::string> names;
  for (const auto& [key, topic] : what.topics) names.insert(topic);
  what.data.assign(names.begin(), names.end());
  if (!stream.empty()) return;
  for (const auto& [key, member] : progress.members) {
    if (what.topics.contains(key)) continue;
    std::cout << key.first << '/' << key.second << ": not configured, so its topic is not known: not compared\n";
  }
}

result<std::vector<kept_reason>> read_reasons(const subject& what, logger& log) {
  std::vector<kept_reason> out;
  const scan_watch watch{[&out](const scanned_record& record) {
                           auto reason = decode_reason(record.key, record.value);
                           if (reason && *reason) out.push_back(std::move(**reason));
                         },
                         [](auto, auto) {}};
  const auto extents = measure_topics(what.kafka, {what.kafka.topic}, log);
  if (!extents) return extents.error();
  const auto read = scan_topics(what.kafka, what.kafka.level, *extents, watch, log);
  if (!read) return read.error();
  return out;
}

// Of Avro only what is under keys of members is read: schemas of others' records are nobody's business here. `away`:
// the registry gives no answer.
void take(const scanned_record& record, std::size_t pass, verification& seen, avro::record_decoder& decoder,
          std::optional<error>& away) {
  if (!avro::split_frame(record.value)) return seen.take(record.partition, record.key, record.value, pass);
  if (!seen.is_of_member(record.key)) return seen.take_unreadable(record.key, "", pass);
  const auto json = decoder.json(record.value);
  if (json) return seen.take(record.partition, record.key, *json, pass);
  if (json.error().code != errc::damaged) {
    away = json.error();
  } else {
    seen.take_unreadable(record.key, json.error().context, pass);
  }
}

result<void> read_data(const subject& what, const topic_extents& extents, verification& seen, std::size_t passes,
                       logger& log) {
  avro::record_decoder decoder(schema_lookup(what.config.registry));
  std::optional<error> away;
  for (std::size_t pass = 0; pass < passes; ++pass) {
    const scan_watch watch{[&](const scanned_record& record) { take(record, pass, seen, decoder, away); },
                           [&](std::int64_t done, std::int64_t of) {
                             std::cerr << "reading " << done << " of " << of << " offsets";
                             if (passes > 1) std::cerr << ", pass " << pass + 1 << " of " << passes;
                             std::cerr << '\n';
                           },
                           [&away] { return !away; }};
    auto read = scan_topics(what.kafka, what.kafka.level, extents, watch, log);
    if (away) return *away;
    if (!read) return read;
    seen.end_pass();
  }
  return {};
}

std::map<member_key, bool> thinned_members(const subject& what, const topic_extents& extents) {
  std::map<member_key, bool> out;
  for (const auto& [key, topic] : what.topics) out[key] = extents.at(topic).first > 0;
  return out;
}

}  // namespace

exit_code verify_progress(const configuration& config, const std::string& stream) {
  auto telemetry = config.telemetry;
  telemetry.log_level = "warn";
  logger log(telemetry);
  auto before = read_progress(config);
  if (!before) return comparison_failed(before.error());
  subject what{config, {}, {}, {}};
  what.kafka = progress_settings_of(what.config);
  choose(what, *before, stream);
  if (what.topics.empty())
    return comparison_failed({errc::refused, "nothing to compare: no such stream with progress"});

  const auto extents = measure_topics(what.kafka, what.data, log);
  if (!extents) return comparison_failed(extents.error());
  auto reasons = read_reasons(what, log);
  if (!reasons) return comparison_failed(reasons.error());
  verify_settings settings;
  settings.repeats_allowed = what.config.publish.delivery == delivery_guarantee::at_least_once;
  std::size_t offsets = 0;
  for (const auto& [topic, extent] : *extents) offsets += static_cast<std::size_t>(extent.offsets);
  const auto passes = 1 + offsets / settings.points_per_pass;
  verification seen(*before, std::move(*reasons), passes);
  const auto read = read_data(what, *extents, seen, passes, log);
  if (!read) return comparison_failed(read.error());
  const auto after = read_progress(what.config);
  if (!after) return comparison_failed(after.error());

  const auto verdict = judge(seen, *before, *after, thinned_members(what, *extents), settings);
  for (const auto& line : verdict.lines) std::cout << line << '\n';
  std::cout << (verdict.fits ? "progress and data topics fit\n" : "progress and data topics do NOT fit\n");
  return verdict.fits ? exit_ok : exit_failure;
}

}  // namespace oes
