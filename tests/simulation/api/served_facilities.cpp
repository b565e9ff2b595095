#include "simulation/api/served_facilities.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "simulation/api/mixed.hpp"

namespace oes::simulation {
namespace {

// Those before are always listed.
constexpr int first_that_comes_and_goes = 14;

std::string some_state(std::uint64_t of) {
  constexpr std::array statuses{"operating", "committed", "commissioning", "retired"};
  return std::string(statuses[of % 4]) + " " + std::to_string(1 + of / 4 % 900) + "." +
         std::to_string(1 + of / 4000 % 9);
}

std::string facility_code(int unit) { return "F" + std::to_string(unit / 3); }
std::string unit_code(int unit) { return "U" + std::to_string(unit); }

facility_unit unit_as(int unit, const std::string& state, utc_time now) {
  const auto space = state.find(' ');
  facility_unit out;
  out.facility_code = facility_code(unit);
  out.facility_name = "Facility " + std::to_string(unit / 3);
  out.network_code = "NEM";
  out.network_region = "NSW1";
  out.unit_code = unit_code(unit);
  out.fueltech = "wind";
  out.status = state.substr(0, space);
  out.capacity_registered = state.substr(space + 1);
  // What moves on with every reading is no change of the unit.
  out.data_last_seen = format_utc(std::chrono::floor<std::chrono::minutes>(now));
  out.max_generation = std::to_string(now.time_since_epoch().count() % 1000);
  return out;
}

}  // namespace

std::string served_facilities::name_of(int unit) { return facility_code(unit) + "|" + unit_code(unit); }

std::vector<listed_state> served_facilities::states(int unit) const {
  const auto salt = mixed(seed_ + static_cast<std::uint64_t>(unit));
  std::set<utc_time> changes{utc_time::min()};
  for (std::uint64_t i = 0; i < salt % 4; ++i)
    changes.insert(from_ + std::chrono::microseconds(mixed(salt + i) % static_cast<std::uint64_t>(span_.count())));
  std::vector<listed_state> out;
  for (const auto at : changes) {
    const auto drawn = mixed(salt ^ static_cast<std::uint64_t>(at.time_since_epoch().count()));
    const bool is_gone = unit >= first_that_comes_and_goes && drawn % 2 == 0;
    auto text = is_gone ? std::string() : some_state(drawn / 2);
    if (out.empty() || out.back().text != text) out.push_back({at, std::move(text)});
  }
  return out;
}

facility_list served_facilities::list(utc_time now) const {
  facility_list out;
  for (int unit = 0; unit < units; ++unit) {
    std::string shown;
    for (auto& one : states(unit)) {
      if (one.from <= now) shown = std::move(one.text);
    }
    if (!shown.empty()) out.units.push_back(unit_as(unit, shown, now));
  }
  std::ranges::sort(out.units, {},
                    [](const facility_unit& one) { return std::pair(one.facility_code, one.unit_code); });
  return out;
}

}  // namespace oes::simulation
