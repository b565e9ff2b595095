#include "telemetry/status_json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "model/utf8.hpp"
#include "telemetry/health.hpp"

namespace oes {
namespace {

using json_writer = rapidjson::Writer<rapidjson::StringBuffer>;

void put(json_writer& json, const char* key, std::string_view value) {
  json.Key(key);
  json.String(printable(value));
}

void put(json_writer& json, const char* key, std::int64_t value) {
  json.Key(key);
  json.Int64(value);
}

void put(json_writer& json, const char* key, double value) {
  json.Key(key);
  json.Double(value);
}

template <class T>
void put_or_null(json_writer& json, const char* key, const std::optional<T>& value) {
  if (value) {
    put(json, key, *value);
    return;
  }
  json.Key(key);
  json.Null();
}

std::optional<std::string> time_text(const std::optional<utc_time>& at) {
  if (!at) return std::nullopt;
  return format_utc(*at);
}

std::optional<std::int64_t> counted(const std::optional<std::chrono::seconds>& span) {
  if (!span) return std::nullopt;
  return span->count();
}

void put_member(json_writer& json, const member_status& member, utc_time now) {
  json.StartObject();
  put(json, "stream", member.stream);
  put(json, "network", member.network);
  put(json, "metric", member.metric);
  put(json, "interval", member.interval);
  put(json, "topic", member.topic);
  put(json, "state", name(member.state));
  put(json, "last_error", member.last_error);
  put_or_null(json, "newest", member.newest);
  put_or_null(json, "newest_at", time_text(member.newest_at));
  put_or_null(json, "lag_seconds", lag_seconds(member, now));
  put_or_null(json, "goes_on", time_text(member.goes_on));
  put(json, "records", member.records);
  put(json, "nulls", member.nulls);
  put(json, "open_gaps", member.open_gaps);
  put(json, "given_up_gaps", member.given_up_gaps);
  put_or_null(json, "last_commit", time_text(member.last_commit));
  put_or_null(json, "polled_every_seconds", counted(member.polled_every));
  put_or_null(json, "expected_lag_seconds", counted(member.expected_lag));
  json.Key("points_skipped");
  json.StartObject();
  for (const auto& [reason, points] : member.points_skipped) put(json, reason.c_str(), points);
  json.EndObject();
  put(json, "group", member.group);
  put(json, "dataset", member.dataset);
  put(json, "revised", member.revised);
  put(json, "unchanged", member.unchanged);
  put_or_null(json, "trigger_seconds", counted(member.trigger));
  put_or_null(json, "late_after_seconds", counted(member.late_after));
  put_or_null(json, "last_success", time_text(member.last_success));
  json.EndObject();
}

void put_health(json_writer& json, const daemon_status& status) {
  const auto judged = judge_health(status);
  const bool ready = judged.level != health_level::failing;
  json.Key("ready");
  json.Bool(ready);
  put(json, "not_ready_because", ready ? "" : line_of(judged.reasons.front()));
  json.Key("health");
  json.StartObject();
  put(json, "level", name(judged.level));
  json.Key("reasons");
  json.StartArray();
  for (const auto& reason : judged.reasons) {
    json.StartObject();
    put(json, "level", name(reason.level));
    put(json, "what", reason.what);
    put_or_null(json, "since", time_text(reason.since));
    put(json, "then", reason.then);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void put_daemon(json_writer& json, const daemon_status& status) {
  put(json, "version", status.version);
  put(json, "deployment", status.deployment);
  put(json, "instance", status.instance);
  put(json, "role", status.role);
  put(json, "leader", status.leader);
  put_health(json, status);
  put(json, "started_at", format_utc(status.started_at));
  put(json, "now", format_utc(status.now));
  put(json, "sequence", status.sequence);
  put(json, "transactions", status.transactions);
  put(json, "records", status.records);
  put(json, "plan", status.plan);
  put(json, "requests", status.requests);
  put(json, "credits_used_today", status.credits_used_today);
  put_or_null(json, "credits_per_day", status.credits_per_day);
  put_or_null(json, "credits_left", status.credits_left);
  put_or_null(json, "credits_resume_at", time_text(status.credits_resume_at));
  put(json, "stretch", status.stretch);
  put_or_null(json, "clock_skew_seconds", status.clock_skew_seconds);
  put(json, "clock", status.clock);
  put(json, "api_url", status.api_url);
  put(json, "kafka_servers", status.kafka_servers);
}

void put_kafka(json_writer& json, const kafka_status& kafka) {
  json.Key("kafka");
  json.StartObject();
  put(json, "brokers", kafka.brokers);
  put(json, "brokers_up", kafka.brokers_up);
  put(json, "queued_records", kafka.queued_records);
  put(json, "queued_bytes", kafka.queued_bytes);
  put(json, "round_trip_seconds", kafka.round_trip_seconds);
  put_or_null(json, "told_at", time_text(kafka.told_at));
  put_or_null(json, "last_commit", time_text(kafka.last_commit));
  json.Key("producers_replaced");
  json.StartObject();
  for (const auto& [reason, times] : kafka.producers_replaced) put(json, reason.c_str(), times);
  json.EndObject();
  json.EndObject();
}

void put_events(json_writer& json, const std::deque<daemon_event>& events) {
  json.Key("events");
  json.StartArray();
  for (const auto& event : events) {
    json.StartObject();
    put(json, "at", format_utc(event.at));
    put(json, "kind", name(event.what));
    put(json, "text", event.text);
    json.EndObject();
  }
  json.EndArray();
}

void put_outage(json_writer& json, const std::optional<api_outage_status>& outage) {
  json.Key("api_outage");
  if (!outage) {
    json.Null();
    return;
  }
  json.StartObject();
  put(json, "why", outage->why);
  put(json, "since", format_utc(outage->since));
  put(json, "next_probe", format_utc(outage->next_probe));
  put(json, "failures", outage->failures);
  json.EndObject();
}

void put_backfill(json_writer& json, const std::optional<backfill_status>& backfill) {
  json.Key("backfill");
  if (!backfill) {
    json.Null();
    return;
  }
  json.StartObject();
  put(json, "stream", backfill->stream);
  put(json, "from", backfill->from);
  put(json, "to", backfill->to);
  put(json, "chunks_done", backfill->chunks_done);
  put(json, "chunks", backfill->chunks);
  put(json, "records", backfill->records);
  put(json, "requests", backfill->requests);
  put(json, "waits_for", backfill->waits_for);
  put(json, "until", backfill->until);
  json.EndObject();
}

void put_config(json_writer& json, const config_status& config) {
  json.Key("config");
  json.StartObject();
  put(json, "file", config.file);
  put_or_null(json, "reloaded_at", time_text(config.reloaded_at));
  json.Key("refused");
  json.Bool(config.refused);
  put(json, "outcome", config.outcome);
  put(json, "differs", config.differs);
  put(json, "taken", config.taken);
  put(json, "refusals", config.refusals);
  put_or_null(json, "taken_at", time_text(config.taken_at));
  json.EndObject();
}

}  // namespace

std::string to_json(const daemon_status& status) {
  rapidjson::StringBuffer out;
  json_writer json(out);
  json.StartObject();
  put_daemon(json, status);
  json.Key("streams");
  json.StartArray();
  for (const auto& [key, member] : status.members) put_member(json, member, status.now);
  json.EndArray();
  put_kafka(json, status.kafka);
  put_outage(json, status.api_outage);
  put_backfill(json, status.backfill);
  put_config(json, status.config);
  put_events(json, status.events);
  json.Key("recent");
  json.StartArray();
  for (const auto& line : status.recent) json.String(printable(line));
  json.EndArray();
  json.EndObject();
  return {out.GetString(), out.GetSize()};
}

}  // namespace oes
