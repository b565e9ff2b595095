#include "facilities/facility_batches.hpp"

#include <algorithm>
#include <map>

#include "records/fueltech_groups.hpp"

namespace oes {
namespace {

constexpr std::size_t most_codes = 30;
// A retired unit's values are still rewritten for some days, and the list's clock is not to be trusted to the hour.
constexpr auto after_the_last = std::chrono::days(14);
// 36 were seen in an answer of 8 days (api.md §3); kept of it are the point and its digits.
constexpr std::size_t bytes_in_answer = 48;
constexpr std::size_t bytes_kept = 32;

bool holds(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool lets_through(const std::vector<std::string>& list, std::string_view value) {
  return list.empty() || holds(list, value);
}

bool all_wanted(const group_identity& id) { return holds(id.filter.facility_codes, all_facilities); }

bool had_retired(const facility_unit& unit, network_time before) {
  if (unit.status != "retired") return false;
  const auto last = parse_network_time(std::string_view(unit.data_last_seen).substr(0, 19));
  return last && *last + after_the_last < before;
}

// Wanted units by facility; those that cannot have data from `from` on are not counted.
std::map<std::string, std::size_t> units_of_facilities(const group_identity& id, const facility_list& list,
                                                       network_time from) {
  std::map<std::string, std::size_t> out;
  for (const auto& unit : list.units) {
    if (wants_unit(id, unit) && !had_retired(unit, from)) ++out[unit.facility_code];
  }
  if (all_wanted(id)) return out;
  for (const auto& code : id.filter.facility_codes) {
    const bool listed = std::any_of(list.units.begin(), list.units.end(),
                                    [&](const facility_unit& unit) { return unit.facility_code == code; });
    if (!listed) out.emplace(code, 1);
  }
  return out;
}

}  // namespace

bool wants_unit(const group_identity& id, const facility_unit& unit) {
  const auto& filter = id.filter;
  if (unit.network_code != code(id.net)) return false;
  if (!all_wanted(id) && !holds(filter.facility_codes, unit.facility_code)) return false;
  if (!filter.network_region.empty() && filter.network_region != unit.network_region) return false;
  return lets_through(filter.fueltechs, unit.fueltech) &&
         lets_through(filter.fueltech_groups, fueltech_group(unit.fueltech));
}

batch_list batches_of(const group_identity& id, const facility_list& list, network_time from) {
  batch_list out;
  for (const auto& [facility, units] : units_of_facilities(id, list, from)) {
    if (out.empty() || out.back().size() == most_codes) out.emplace_back();
    out.back().push_back(facility);
  }
  return out;
}

std::chrono::seconds window_for_batches(const group_identity& id, std::size_t metrics, const facility_list& list,
                                        network_time from, std::size_t most_bytes) {
  std::size_t all = 0;
  std::size_t largest = 0;
  std::size_t here = 0;
  std::size_t facilities = 0;
  for (const auto& [facility, units] : units_of_facilities(id, list, from)) {
    if (facilities++ % most_codes == 0) here = 0;
    here += units;
    all += units;
    largest = std::max(largest, here);
  }
  // Half of the bytes: a unit that the list does not know yet, or longer numbers, are no reason to fail.
  const auto per_label = std::max(2 * largest * bytes_in_answer, all * bytes_kept) * std::max<std::size_t>(metrics, 1);
  const auto labels = std::max<std::size_t>(most_bytes / std::max<std::size_t>(per_label, 1), 1);
  const auto begin = bucket_floor(from, id.interval);
  const auto step = bucket_add(begin, id.interval, 1) - begin;
  return step * static_cast<std::int64_t>(std::min<std::size_t>(labels, 1'000'000));
}

}  // namespace oes
