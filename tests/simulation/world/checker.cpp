#include "simulation/world/checker.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "model/network.hpp"

namespace oes::simulation {
namespace {

struct found_record {
  int revision = 0;
  std::int64_t version = 0;
  std::string value;
};
using point_name = std::tuple<std::string, std::string, std::string, network_time>;  ///< topic, metric, region, label
using found_points = std::map<point_name, std::vector<found_record>>;

std::string text_of(const point_name& point) {
  return std::get<0>(point) + ": " + std::get<1>(point) + " " + std::get<2>(point) + " " + format(std::get<3>(point));
}

// The number as it was written.
std::string number_in(const std::string& json, const std::string& field) {
  const auto at = json.find("\"" + field + "\":");
  if (at == std::string::npos) return "";
  const auto from = at + field.size() + 3;
  return json.substr(from, json.find_first_of(",}", from) - from);
}

void take(found_points& into, const std::string& topic, const std::string& json, check_report& report) {
  rapidjson::Document record;
  record.Parse(json.c_str(), json.size());
  if (!record.IsObject()) return report.violations.push_back("a record that is no JSON object: " + json);
  const auto interval = parse_offset_time(record["interval"].GetString());
  if (!interval) return report.violations.push_back("a record without an interval: " + json);
  const point_name point{topic, record["metric"].GetString(), record["network_region"].GetString(), interval->local};
  into[point].push_back({record["revision"].GetInt(), record["version"].GetInt64(), number_in(json, "value")});
  ++report.records;
}

found_points read_committed(cluster& kafka, check_report& report) {
  found_points out;
  for (const auto& [name, topic] : kafka.topics) {
    if (name.find(".progress.") != std::string::npos) continue;
    for (const auto& log : topic.partitions) {
      if (log.stable_end() != log.end()) report.violations.push_back("an open transaction holds " + name + " back");
      for (std::int64_t offset = 0; offset < log.end(); ++offset) {
        const auto& record = log.at(offset);
        const bool shown = record.what == stored_record::kind::data && record.became == stored_record::fate::committed;
        if (shown && record.value) take(out, name, *record.value, report);
      }
    }
  }
  return out;
}

// Each value once, in the order in which it was served, numbered and versioned.
void check_sequence(const point_name& point, const std::vector<found_record>& found,
                    const std::vector<served_version>& served, check_report& report) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& one = found[i];
    if (one.revision != static_cast<int>(i)) {
      report.violations.push_back("repeated or lost: " + text_of(point) + " has revision " +
                                  std::to_string(one.revision) + " where " + std::to_string(i) + " was to come");
    }
    if (i > 0 && one.version <= found[i - 1].version) {
      report.violations.push_back("version does not rise: " + text_of(point));
    }
    while (at < served.size() && served[at].text != one.value) ++at;
    if (at == served.size()) {
      report.violations.push_back("not served so, or not in this order: " + text_of(point) + " = " + one.value);
      return;
    }
    ++at;
  }
}

void check_complete(const found_points& found, const served_world& api, const wanted_points& wanted,
                    check_report& report) {
  for (const auto& region : api.regions()) {
    for (auto label = wanted.first; label < wanted.complete; label += std::chrono::minutes(5)) {
      const point_name point{wanted.topic, wanted.metric, region, label};
      const auto served = api.versions(wanted.metric, region, label);
      const auto late = std::ranges::find_if(served, [&](const auto& one) { return one.from > wanted.served_until; });
      if (late == served.begin()) continue;
      ++report.points;
      const auto here = found.find(point);
      if (here == found.end()) {
        report.violations.push_back("lost: " + text_of(point));
        continue;
      }
      // That one, or one that took its place before anybody asked.
      const bool there = std::any_of(late - 1, served.end(), [&](const auto& one) {
        return std::ranges::find(here->second, one.text, &found_record::value) != here->second.end();
      });
      if (!there)
        report.violations.push_back("the newest value is missing: " + text_of(point) + " = " + (late - 1)->text);
    }
  }
}

}  // namespace

check_report check_topics(cluster& kafka, const served_world& api, const std::vector<wanted_points>& wanted) {
  check_report report;
  const auto found = read_committed(kafka, report);
  for (const auto& [point, records] : found) {
    check_sequence(point, records, api.versions(std::get<1>(point), std::get<2>(point), std::get<3>(point)), report);
  }
  for (const auto& one : wanted) check_complete(found, api, one, report);
  return report;
}

}  // namespace oes::simulation
