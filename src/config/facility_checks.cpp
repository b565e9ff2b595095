#include <algorithm>

#include "config/checks.hpp"

namespace oes {
namespace {

void check_facility_metrics(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  const auto& s = given.values.at("metrics");
  for (std::size_t i = 0; i < spec.metrics.size(); ++i) {
    if (endpoint_for(spec.metrics[i]) == endpoint::data) continue;
    log.fault(
        i < s.item_at.size() ? s.item_at[i] : s.at, s.key,
        "facility series have data metrics only (power, energy, emissions, market_value, storage_battery), and '" +
            spec.metrics[i] + "' is none; give it a stream without facility_code");
  }
}

void check_codes(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  const auto& s = given.values.at("facility_code");
  const auto& codes = spec.filter.facility_codes;
  const bool all = std::find(codes.begin(), codes.end(), all_facilities) != codes.end();
  if (all && codes.size() > 1) log.fault(s.at, s.key, "'all' stands alone: it means every facility of the network");
  if (spec.net == network::au) {
    log.fault(s.at, s.key, "facility series are of one network: use network_code NEM or WEM");
  }
}

void check_groupings(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  const auto say = [&](const char* option, bool asked) {
    const auto& s = given.values.at(option);
    if (asked) log.warn(s.at, s.key, "it has no effect on facility series: there is one for each unit");
  };
  say("primary_grouping", spec.primary != primary_grouping::network);
  say("secondary_grouping", spec.secondary != secondary_grouping::none);
}

void check_key(const check_subject& subject, const setting& wants_it, problem_log& log) {
  const auto& key = subject.settings.daemon.at("api.api_key");
  if (key.is_set() || key.refused) return;
  log.warn(wants_it.at, wants_it.key,
           "the API gives facility data and the list of facilities to callers with a key only");
}

void check_list(const check_subject& subject, problem_log& log) {
  const auto& list = subject.config.facilities;
  if (!list.enabled) return;
  const auto& daemon = subject.settings.daemon;
  check_key(subject, daemon.at("facilities.enabled"), log);
  const auto& topic = daemon.at("facilities.topic");
  if (list.topic == progress_topic(subject.config.publish)) {
    log.fault(topic.at, topic.key, "'" + list.topic + "' is this deployment's progress topic");
  }
  for (const auto& stream : subject.config.streams) {
    const auto parts = parts_of(stream);
    const bool same = std::any_of(parts.begin(), parts.end(), [&](const stream_part& part) {
      return topic_for(stream, part.from, part.name) == list.topic;
    });
    if (same)
      log.fault(topic.at, topic.key, "it is the topic of stream '" + stream.name + "' too; the list needs its own");
  }
}

}  // namespace

void check_facilities(const check_subject& subject, problem_log& log) {
  for (std::size_t i = 0; i < subject.config.streams.size(); ++i) {
    const auto& spec = subject.config.streams[i];
    const auto& given = subject.settings.streams[i];
    if (!is_of_facilities(spec)) continue;
    check_facility_metrics(given, spec, log);
    check_codes(given, spec, log);
    check_groupings(given, spec, log);
    check_key(subject, given.values.at("facility_code"), log);
  }
  check_list(subject, log);
}

}  // namespace oes
