#include "simulation/world/found_records.hpp"

#include <rapidjson/document.h>

#include <algorithm>

#include "model/network.hpp"

namespace oes::simulation {
namespace {

// Kafka ends what its producer does not; the world may end while one is under way.
constexpr std::chrono::seconds longest_transaction{40};

// The number as it was written.
std::string number_in(const std::string& json, const std::string& field) {
  const auto at = json.find("\"" + field + "\":");
  if (at == std::string::npos) return "";
  const auto from = at + field.size() + 3;
  return json.substr(from, json.find_first_of(",}", from) - from);
}

void take(found_records& into, const std::string& topic, const stored_record& stored) {
  const auto& json = *stored.value;
  rapidjson::Document record;
  record.Parse(json.c_str(), json.size());
  if (!record.IsObject()) return into.faults.push_back("a record that is no JSON object: " + json);
  const auto interval = parse_offset_time(record["interval"].GetString());
  if (!interval) return into.faults.push_back("a record without an interval: " + json);
  const auto place = topic + " " + record["stream"].GetString();
  const bool has_region = record.HasMember("network_region") && record["network_region"].IsString();
  const std::string region = has_region ? record["network_region"].GetString() : "";
  const auto note = [&](const std::string& metric, std::string value, bool wide) {
    into.points[{place, metric, region, interval->local}].push_back(
        {record["revision"].GetInt(), record["version"].GetInt64(), std::move(value), stored.at, wide});
  };
  const bool wide = !record.HasMember("metric") || record["metric"].IsNull();
  if (wide) {
    std::string whole;
    for (const auto* metric : {"power", "energy", "emissions", "price", "demand"}) {
      const auto value = number_in(json, metric);
      whole += value + ",";
      if (!value.empty() && value != "null") note(metric, value, true);
    }
    note("*", whole, true);
  } else {
    note(record["metric"].GetString(), number_in(json, "value"), false);
  }
  ++into.count;
}

}  // namespace

std::string text_of(const point_name& point) {
  return std::get<0>(point) + ": " + std::get<1>(point) + " " + std::get<2>(point) + " " + format(std::get<3>(point));
}

found_records read_committed(const cluster& kafka) {
  found_records out;
  for (const auto& [name, topic] : kafka.topics) {
    if (name.find(".progress.") != std::string::npos || is_list_of_facilities(name)) continue;
    for (const auto& log : topic.partitions) {
      const auto stable = log.stable_end();
      if (stable < log.end() && log.at(stable).at < kafka.on().now() - longest_transaction) {
        out.faults.push_back("an open transaction holds " + name + " back");
      }
      for (std::int64_t offset = 0; offset < log.end(); ++offset) {
        const auto& record = log.at(offset);
        const bool shown = record.what == stored_record::kind::data && record.became == stored_record::fate::committed;
        if (shown && record.value) take(out, name, record);
      }
    }
  }
  // Where partitions were added, later records of a point may lie in another one.
  for (auto& [point, records] : out.points) std::ranges::stable_sort(records, {}, &found_record::at);
  return out;
}

}  // namespace oes::simulation
