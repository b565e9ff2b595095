#include "simulation/world/unit_check.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <map>
#include <utility>

namespace oes::simulation {
namespace {

struct unit_record {
  std::string state;  ///< as listed_state has it; empty: a tombstone
  std::int64_t version = 0;
  virtual_time at{};
};

using unit_records = std::map<std::string, std::vector<unit_record>>;

// The number as it was written.
std::string state_in(const std::string& json, const rapidjson::Document& record) {
  constexpr std::string_view field = "\"capacity_registered\":";
  const auto from = json.find(field) + field.size();
  return record["status"].GetString() + (" " + json.substr(from, json.find_first_of(",}", from) - from));
}

unit_records read_units(const unit_question& q, std::vector<std::string>& faults) {
  unit_records out;
  const auto topic = q.kafka.topics.find(q.topic);
  if (topic == q.kafka.topics.end()) return out;
  for (const auto& log : topic->second.partitions) {
    for (std::int64_t offset = 0; offset < log.end(); ++offset) {
      const auto& one = log.at(offset);
      if (one.what != stored_record::kind::data || one.became != stored_record::fate::committed) continue;
      unit_record found{"", 0, one.at};
      if (one.value) {
        rapidjson::Document record;
        record.Parse(one.value->c_str(), one.value->size());
        if (!record.IsObject() || !record.HasMember("status") || !record.HasMember("version")) {
          faults.push_back("no unit: " + *one.value);
          continue;
        }
        found.state = state_in(*one.value, record);
        found.version = record["version"].GetInt64();
      }
      out[one.key].push_back(std::move(found));
    }
  }
  // Where partitions were added, later records of a unit may lie in another one.
  for (auto& [key, records] : out) std::ranges::stable_sort(records, {}, &unit_record::at);
  return out;
}

class unit_check {
 public:
  unit_check(const unit_question& q, const std::string& name, const std::vector<listed_state>& listed,
             const std::vector<unit_record>& found, std::vector<std::string>& faults)
      : q_(q), name_(name), listed_(listed), found_(found), faults_(faults) {}

  void check() {
    check_order();
    check_newest();
  }

 private:
  // Each state once, in the order in which they were listed, with rising versions.
  void check_order() {
    auto next = listed_.begin();
    std::int64_t version = 0;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const auto& one = found_[i];
      const bool same = i > 0 && found_[i - 1].state == one.state;
      if (same && q_.repeats) continue;
      if (same) fault("is repeated", one.state);
      if (!one.state.empty() && std::exchange(version, one.version) >= one.version)
        fault("no higher version", one.state);
      if (one.state.empty() && !q_.tombstones) fault("has a tombstone", "");
      if (!q_.repeats)
        next = std::find_if(next, listed_.end(), [&](const auto& each) { return each.text == one.state; });
      if (next == listed_.end()) return fault("was not listed so, or not in this order", one.state);
    }
  }

  void check_newest() {
    const auto later = std::ranges::find_if(listed_, [&](const auto& one) { return one.from > q_.since; });
    const std::string newest = found_.empty() ? "" : found_.back().state;
    for (auto one = std::prev(later); one != listed_.end() && one->from <= q_.until; ++one) {
      // Without tombstones what is gone stays as it was.
      if (one->text == newest || (one->text.empty() && !q_.tombstones)) return;
    }
    fault("has the newest state '" + newest + "', and is listed as", std::prev(later)->text);
  }

  void fault(const std::string& what, const std::string& state) {
    faults_.push_back("unit " + name_ + " " + what + ": '" + state + "'");
  }

  const unit_question& q_;
  const std::string& name_;
  const std::vector<listed_state>& listed_;
  const std::vector<unit_record>& found_;
  std::vector<std::string>& faults_;
};

}  // namespace

std::vector<std::string> check_units(const unit_question& q) {
  std::vector<std::string> faults;
  auto found = read_units(q, faults);
  for (int unit = 0; unit < served_facilities::units; ++unit) {
    const auto name = served_facilities::name_of(unit);
    auto records = found.extract("v1|facility|" + name);
    const auto listed = q.api.states(unit);
    unit_check(q, name, listed, records ? records.mapped() : std::vector<unit_record>(), faults).check();
  }
  for (const auto& [key, records] : found) faults.push_back("a record of no unit: " + key);
  return faults;
}

}  // namespace oes::simulation
