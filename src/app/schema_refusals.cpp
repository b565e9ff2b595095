#include "app/schema_refusals.hpp"

#include <algorithm>
#include <utility>

#include "app/topic_formats.hpp"
#include "avro/record_reader.hpp"
#include "avro/writer_schema.hpp"

namespace oes {

error schema_refused(std::string why) { return {errc::refused, std::move(why)}; }

error holds_the_other(const std::string& topic, record_format wanted) {
  const bool avro = wanted == record_format::avro;
  return schema_refused("topic " + topic + " holds " + (avro ? "JSON" : "Avro") +
                        " records of this program, and a topic has one format: give what is to be " +
                        (avro ? "Avro" : "JSON") + " another topic");
}

error not_registered(const std::string& topic, record_kind kind, const std::string& address) {
  const std::string option = kind == record_kind::facility_unit ? " --facilities" : "";
  return schema_refused(
      "its schema is not registered under subject " + subject_of(topic) +
      ", and schema_registry.auto_register is false; register it: openelectricity-stream schema --format avro" +
      option + " | jq '{schema: tostring}' | curl --json @- " + address + "/subjects/" + subject_of(topic) +
      "/versions");
}

error must_be_read(const error& why) {
  return schema_refused(why.context + "; the right Read is needed to tell in which format a topic is written");
}

error unknown_id(const std::string& topic, std::int32_t id, const std::string& address) {
  return schema_refused("schema registry " + address + " does not know schema " + std::to_string(id) +
                        ", with which records of topic " + topic +
                        " were written (emptied, or another registry?): restore it, or give the stream another topic");
}

error foreign_id(const std::string& topic, std::int32_t id, const std::string& address) {
  return schema_refused("schema " + std::to_string(id) + " of schema registry " + address +
                        " is another than the one with which records of topic " + topic +
                        " were written (emptied, or another registry?): restore it, or give the stream another topic");
}

error useless_id(const std::string& topic, std::int32_t id, const std::string& address) {
  return schema_refused("schema registry " + address + " calls the schema of topic " + topic + " " +
                        std::to_string(id) + ", and has no such schema by that id: no reader would find it");
}

bool reads(const std::string& schema, record_kind kind, const std::vector<std::string>& records) {
  const auto written = avro::read_schema(schema);
  if (!written || written->name != avro_record_name(kind)) return false;
  const avro::record_reader reader(*written);
  const auto fits = [&](const std::string& record) { return reader.json(record).has_value(); };
  return records.empty() || std::any_of(records.begin(), records.end(), fits);
}

bool is_our_schema(const std::string& text, record_kind kind) {
  const auto read = avro::read_schema(text);
  const auto ours = avro::read_schema(avro_schema(kind));
  return read && ours && *read == *ours;
}

}  // namespace oes
