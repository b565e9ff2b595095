#include "commands/formats_check.hpp"

#include <boost/asio/io_context.hpp>

#include "app/newest_records.hpp"
#include "app/schema_refusals.hpp"
#include "app/topic_access.hpp"
#include "app/topic_formats.hpp"
#include "async/run_loop.hpp"
#include "registry/registry_client.hpp"

namespace oes {
namespace {

using format_verdict = format_finding::verdict;

format_finding judge_topic(const std::string& topic, const topic_format& wanted, const result<newest_records>& found) {
  if (!found) return {format_verdict::untold, "format of topic " + topic + ": " + found.error().context};
  const std::string is = wanted.format == record_format::avro ? "Avro" : "JSON";
  const std::string other = wanted.format == record_format::avro ? "JSON" : "Avro";
  if (is_other(*found, wanted.format)) {
    return {format_verdict::fails, "format of topic " + topic + ": it holds " + other +
                                       " records of this program, and " + is +
                                       " is to be written; a topic has one format: give it another topic"};
  }
  return {format_verdict::ok, "format of topic " + topic + ": " + is};
}

// Readers of what lies in the topic must find its schemas.
std::optional<std::string> fault_of_written(registry_client& client, boost::asio::io_context& loop,
                                            const written_records& written, const topic_format& wanted) {
  for (const auto& [id, records] : written) {
    loop.restart();  // the same one: the client's connections are bound to it
    auto asking = client.schema_of(id);
    const auto text = run_to_end(loop, "a question to the schema registry", std::move(asking));
    if (!text) return text.error().context;
    const auto name = std::to_string(id);
    if (!*text) return "it does not know schema " + name + ", with which records of the topic were written";
    if (!reads(**text, wanted.kind, records)) {
      return "its schema " + name + " is another than the one with which records of the topic were written";
    }
  }
  return std::nullopt;
}

format_finding ask_registry(const configuration& config, const std::string& topic, const topic_format& wanted,
                            const written_records& written) {
  boost::asio::io_context loop(1);
  registry_client client(config.registry);
  const auto subject = subject_of(topic);
  auto asking = client.find(subject, avro_schema(wanted.kind));
  const auto found = run_to_end(loop, "the question to the schema registry", std::move(asking));
  if (!found) return {format_verdict::fails, found.error().context};
  const auto begin = "schema registry " + shown_address(config.registry) + ": subject " + subject;
  if (const auto fault = fault_of_written(client, loop, written, wanted))
    return {format_verdict::fails, begin + ": " + *fault};
  if (*found) return {format_verdict::ok, begin + " has the schema, id " + std::to_string(**found)};
  if (config.registry.auto_register) return {format_verdict::ok, begin + " gets the schema at start"};
  return {format_verdict::fails, begin + " has not the schema, and schema_registry.auto_register is false"};
}

}  // namespace

std::vector<format_finding> look_at_formats(const configuration& config) {
  logger quiet({.log_level = "error"});
  std::vector<format_finding> out;
  const auto groups = make_groups(config.streams);
  const auto formats = topic_formats(config, groups);
  own_series_by_topic topics;
  for (const auto& [topic, wanted] : formats) topics.emplace(topic, own_series(groups, topic));
  out.reserve(2 * topics.size());
  for (const auto& [topic, found] : look_at_newest(progress_settings_of(config), topics, quiet)) {
    const auto& wanted = formats.at(topic);
    out.push_back(judge_topic(topic, wanted, found));
    const auto written = found ? found->own : written_records();
    if (wanted.format == record_format::avro) out.push_back(ask_registry(config, topic, wanted, written));
  }
  return out;
}

}  // namespace oes
