#include <algorithm>
#include <vector>

#include "model/network.hpp"
#include "simulator/envelope.hpp"
#include "simulator/json_text.hpp"
#include "simulator/lists.hpp"
#include "simulator/python_number.hpp"
#include "simulator/random.hpp"

namespace oes::sim {
namespace {

std::string number(double value) {
  std::string out;
  append_python_number(out, value);
  return out;
}

// The same wall clock under different offsets: the API's timestamps here are not to be trusted (api.md §1).
std::string untrustworthy(network_time wall_clock, std::uint64_t who) {
  switch (who % 3) {
    case 0:
      return json_string(format(wall_clock) + "Z");
    case 1:
      return json_string(format(wall_clock, std::chrono::hours(10)));
    default:
      return json_string(format(wall_clock, std::chrono::hours(8)));
  }
}

std::string_view status_of(const world& w, const unit_info& unit) {
  const auto note = w.notes.find(unit.code);
  if (note != w.notes.end() && !note->second.status.empty()) return note->second.status;
  return unit.retired ? "retired" : "operating";
}

bool is_listed(const world& w, const unit_info& unit) {
  const auto note = w.notes.find(unit.code);
  return note == w.notes.end() || note->second.listed;
}

std::string unit_json(const cell& c, const unit_info& unit, std::string_view status, utc_time now) {
  const auto last = network_time(std::chrono::floor<std::chrono::hours>(now.time_since_epoch()));
  const auto first = network_time(std::chrono::local_days(std::chrono::year(2012) / 7 / 1)) + std::chrono::minutes(5);
  const auto closed = network_time(std::chrono::local_days(std::chrono::year(2021) / 3 / 1));
  std::string out = R"({"code":)" + json_string(unit.code) + R"(,"fueltech_id":)" + json_string(c.fueltech->code) +
                    R"(,"status_id":)" + json_string(status) + R"(,"capacity_registered":)" +
                    number(round_to(unit.capacity, 2)) + R"(,"capacity_maximum":)" + number(round_to(unit.capacity, 2));
  if (c.fueltech->emissions_factor > 0) out += R"(,"emissions_factor_co2":)" + number(c.fueltech->emissions_factor);
  out += R"(,"data_first_seen":)" + untrustworthy(first, unit.identity) + R"(,"data_last_seen":)" +
         untrustworthy(unit.retired ? closed : last, unit.identity) + R"(,"dispatch_type":)" +
         (c.fueltech->code == "battery_charging" || c.fueltech->code == "pumps" ? R"("LOAD")" : R"("GENERATOR")");
  if (c.fueltech->code == "battery") out += R"(,"capacity_storage":)" + number(round_to(unit.capacity * 2, 2));
  if (unit.retired) {
    out += R"(,"closure_date":)" + untrustworthy(closed, unit.identity) + R"(,"closure_date_specificity":"month")";
  }
  return out + R"(,"max_generation":)" + number(round_to(unit.capacity * 0.98, 2)) +
         R"(,"max_generation_interval":"2024-01-18T16:30:00","created_at":"2023-05-01T00:00:00Z",)" +
         R"("updated_at":"2025-11-15T20:38:00Z"})";
}

std::string units_json(const world& w, const facility_info& facility, const facility_filter& filter, utc_time now) {
  std::string out;
  for (const auto& c : w.cells) {
    if (c.rooftop() || !wanted(filter.fueltechs, c.fueltech->code) || !wanted(filter.groups, c.fueltech->group)) {
      continue;
    }
    for (const auto& unit : c.units) {
      const auto status = status_of(w, unit);
      if (unit.facility != facility.code || !is_listed(w, unit) || !wanted(filter.statuses, status)) continue;
      if (!out.empty()) out += ',';
      out += unit_json(c, unit, status, now);
    }
  }
  return out;
}

std::string facility_json(const facility_info& f, const std::string& units) {
  // Few have one.
  const bool described = units.find("capacity_storage") != std::string::npos;
  const auto description = described ? R"(,"description":)" + json_string(f.name + ", with a battery") : std::string();
  return R"({"code":)" + json_string(f.code) + R"(,"name":)" + json_string(f.name) + R"(,"network_id":)" +
         json_string(code(f.net)) + R"(,"network_region":)" + json_string(f.region) + description +
         R"(,"location":{"lat":)" + number(f.latitude) + R"(,"lng":)" + number(f.longitude) + R"(},"units":[)" + units +
         R"(],"updated_at":"2025-11-15T20:38:00Z","created_at":"2023-05-01T00:00:00Z"})";
}

// `prefix`: Python prints a member of an enumeration with the enumeration's name.
std::string comma_list(const std::vector<std::string>& all, const std::string& prefix = "") {
  std::string out;
  for (const auto& one : all) {
    if (!out.empty()) out += ',';
    out.append(prefix).append(one);
  }
  return out;
}

}  // namespace

std::optional<std::string> facilities_json(const world& w, const facility_filter& filter, utc_time now) {
  auto sorted = w.facilities;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  std::string all;
  std::size_t count = 0;
  for (const auto& f : sorted) {
    if (!wanted(filter.codes, f.code) || !wanted(filter.networks, code(f.net))) continue;
    if (!filter.region.empty() && f.region != filter.region) continue;
    const auto units = units_json(w, f, filter, now);
    if (units.empty()) continue;
    if (count++ > 0) all += ',';
    all += facility_json(f, units);
  }
  if (count == 0) return std::nullopt;
  return envelope_start(now) + "[" + all + R"(],"total_records":)" + std::to_string(count) + "}";
}

std::string no_facilities_text(const facility_filter& filter) {
  std::string parts;
  const auto add = [&parts](const std::string& part) { parts += (parts.empty() ? "" : ", ") + part; };
  if (!filter.codes.empty()) add("facility_codes=[" + comma_list(filter.codes) + "]");
  if (!filter.networks.empty()) add("network_ids=[" + comma_list(filter.networks) + "]");
  if (!filter.region.empty()) add("network_region=" + filter.region);
  if (!filter.statuses.empty()) add("status_ids=[" + comma_list(filter.statuses, "UnitStatusType.") + "]");
  if (!filter.fueltechs.empty()) add("fueltech_ids=[" + comma_list(filter.fueltechs, "UnitFueltechType.") + "]");
  if (!filter.groups.empty()) add("fueltech_group_ids=[" + comma_list(filter.groups, "UnitFueltechGroupType.") + "]");
  return "No facilities found matching filters: " + parts;
}

}  // namespace oes::sim
