#include "simulation/world/configuration_keys.hpp"

#include <chrono>
#include <string>

namespace oes::simulation {
namespace {

std::string text(std::chrono::milliseconds span) { return std::to_string(span.count()); }
std::string text(const std::string& value) { return value; }
template <typename Number>
std::string text(Number value) requires std::is_integral_v<Number> {
  return std::to_string(value);
}
template <typename Choice>
std::string text(Choice value) requires std::is_enum_v<Choice> {
  return std::to_string(static_cast<int>(value));
}

void note_stream(const stream_spec& stream, tally& into) {
  const auto note = [&into](const std::string& key, const auto& value) {
    into.seen.insert("key streams." + key + "=" + text(value));
  };
  std::string metrics;
  for (const auto& one : stream.metrics) metrics += one + " ";
  std::string re_reads;
  for (const auto& one : stream.re_reads) re_reads += text(one.back) + " ";
  note("metrics", metrics);
  note("network", stream.net);
  note("interval", stream.interval);
  note("primary_grouping", stream.primary);
  note("shape", stream.shape);
  note("trigger", stream.trigger);
  note("topic", stream.topic);
  note("edge", stream.edge);
  note("revisions", stream.revisions);
  note("re_read", re_reads);
  note("publish_after", stream.publish_after);
  note("publish_nulls", stream.publish_nulls);
  note("record.key", stream.key);
  note("record.headers", stream.schema_header);
  note("record.format", stream.format);
  note("priority", stream.priority);
  note("batch_size_hours", stream.batch_size.value_or(std::chrono::seconds(0)));
}

}  // namespace

void note_keys(const configuration& config, tally& into) {
  const auto note = [&into](const std::string& key, const auto& value) {
    into.seen.insert("key " + key + "=" + text(value));
  };
  note("budget.plan", config.budget.plan);
  note("schedule.trigger_offset", config.schedule.trigger_offset);
  note("schedule.learn_arrivals", config.schedule.learn_arrivals);
  note("retry.probe_rejected", config.schedule.probe_rejected);
  note("schedule.hole_after", config.schedule.hole_after);
  note("schedule.gap_retry", config.schedule.gap_retry);
  note("schedule.gap_give_up", config.schedule.gap_give_up);
  note("delivery", config.publish.delivery);
  note("standby", config.publish.standby);
  note("kafka.create_topics", config.publish.create_topics);
  note("kafka.topics.data.partitions", config.publish.topics.data.partitions.value_or(0));
  note("kafka.session_timeout", config.publish.session_timeout);
  note("kafka.transaction_timeout", config.publish.transaction_timeout);
  note("kafka.message_timeout", config.publish.message_timeout);
  note("kafka.producer_idle_retirement", config.publish.producer_idle_retirement);
  note("kafka.max_transaction_records", config.publish.max_transaction_records);
  note("kafka.max_transaction_size", config.publish.max_transaction_bytes);
  note("facilities.enabled", config.facilities.enabled);
  note("facilities.every", config.facilities.every);
  note("facilities.tombstones", config.facilities.tombstones);
  note("streams", config.streams.size());
  for (const auto& one : config.streams) note_stream(one, into);
}

}  // namespace oes::simulation
