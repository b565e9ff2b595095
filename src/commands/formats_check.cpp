#include "commands/formats_check.hpp"

#include <boost/asio/io_context.hpp>
#include <set>

#include "app/newest_records.hpp"
#include "app/parts.hpp"
#include "app/topic_formats.hpp"
#include "async/run_loop.hpp"
#include "registry/registry_client.hpp"

namespace oes {
namespace {

using verdict = format_finding::verdict;

format_finding look_at_topic(const configuration& config, const std::string& topic, const topic_format& wanted,
                             logger& log) {
  const auto found = look_at_newest(progress_settings_of(config), topic, log);
  if (!found) return {verdict::untold, "format of topic " + topic + ": " + found.error().context};
  const std::string is = wanted.format == record_format::avro ? "Avro" : "JSON";
  const std::string other = wanted.format == record_format::avro ? "JSON" : "Avro";
  if (is_other(*found, wanted.format)) {
    return {verdict::fails, "format of topic " + topic + ": it holds " + other + " records of this program, and " + is +
                                " is to be written; a topic has one format: give it another topic"};
  }
  return {verdict::ok, "format of topic " + topic + ": " + is};
}

format_finding ask_registry(const configuration& config, const std::string& topic, const topic_format& wanted) {
  boost::asio::io_context loop(1);
  registry_client client(config.registry);
  const auto subject = subject_of(topic);
  auto asking = client.find(subject, avro_schema(wanted.kind));
  const auto found = run_to_end(loop, "the question to the schema registry", std::move(asking));
  if (!found) return {verdict::fails, found.error().context};
  const auto begin = "schema registry " + shown_address(config.registry) + ": subject " + subject;
  if (*found) return {verdict::ok, begin + " has the schema, id " + std::to_string(**found)};
  if (config.registry.auto_register) return {verdict::ok, begin + " gets the schema at start"};
  return {verdict::fails, begin + " has not the schema, and schema_registry.auto_register is false"};
}

}  // namespace

std::vector<format_finding> look_at_formats(const configuration& config) {
  logger quiet({.log_level = "error"});
  std::vector<format_finding> out;
  for (const auto& [topic, wanted] : topic_formats(config, make_groups(config.streams))) {
    out.push_back(look_at_topic(config, topic, wanted, quiet));
    if (wanted.format == record_format::avro) out.push_back(ask_registry(config, topic, wanted));
  }
  return out;
}

}  // namespace oes
