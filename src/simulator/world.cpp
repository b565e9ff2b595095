#include "simulator/world.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "simulator/random.hpp"

namespace oes::sim {
namespace {

struct region_plan {
  network net;
  std::string_view code;
  double demand;
  double latitude;
  double longitude;
  std::string_view fueltechs;  // separated by blanks
};

// Which fueltechs each region has: as many series as the API server showed for one day of each network.
constexpr auto regions = std::to_array<region_plan>({
    {network::nem, "NSW1", 8100, -33.1, 150.4,
     "battery_charging battery_discharging bioenergy_biogas coal_black distillate gas_ccgt gas_ocgt gas_recip gas_wcmg "
     "hydro pumps solar_rooftop solar_utility wind"},
    {network::nem, "QLD1", 6300, -24.6, 150.1,
     "battery_charging battery_discharging bioenergy_biogas bioenergy_biomass coal_black distillate gas_ccgt gas_ocgt "
     "gas_recip gas_wcmg hydro pumps solar_rooftop solar_utility wind"},
    {network::nem, "SA1", 1500, -34.1, 138.6,
     "battery battery_charging battery_discharging bioenergy_biogas distillate gas_ccgt gas_ocgt gas_recip gas_steam "
     "solar_rooftop solar_utility wind"},
    {network::nem, "TAS1", 1150, -42.0, 146.6,
     "battery_charging bioenergy_biogas distillate gas_ccgt gas_ocgt hydro solar_rooftop wind"},
    {network::nem, "VIC1", 5200, -37.6, 144.8,
     "battery battery_charging battery_discharging bioenergy_biogas coal_brown gas_ocgt gas_recip gas_steam hydro "
     "solar_rooftop solar_utility wind"},
    {network::wem, "WEM", 2300, -32.4, 116.2,
     "battery_discharging bioenergy_biogas bioenergy_biomass coal_black distillate gas_ccgt gas_ocgt solar_rooftop "
     "solar_utility wind"},
});

// Facilities under their real codes, because people try these first.
struct named_facility {
  std::string_view code, name, region, fueltech;
  std::string_view units;  // separated by blanks
  double capacity;
  bool retired;
};
constexpr auto named = std::to_array<named_facility>({
    {"BAYSW", "Bayswater", "NSW1", "coal_black", "BW01 BW02 BW03 BW04", 660, false},
    {"ERARING", "Eraring", "NSW1", "coal_black", "ER01 ER02 ER03 ER04", 720, false},
    {"LIDDELL", "Liddell", "NSW1", "coal_black", "LD01 LD02 LD03 LD04", 500, true},
    {"BANGOWF", "Bango", "NSW1", "wind", "BANGOWF1 BANGOWF2", 120, false},
    {"BULGANA", "Bulgana", "VIC1", "battery_discharging", "BULBESG1", 20, false},
    {"BULGANA", "Bulgana", "VIC1", "battery_charging", "BULBESL1", 20, false},
    {"MACARTH", "Macarthur", "VIC1", "wind", "MACARTH1", 420, false},
    {"LOYYANG", "Loy Yang A", "VIC1", "coal_brown", "LYA1 LYA2 LYA3 LYA4", 560, false},
    {"COLLIE", "Collie", "WEM", "coal_black", "COLLIE_G1", 318, false},
});

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    all.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

// Share of a region's demand that a fueltech's units can cover together.
double share(std::string_view fueltech) {
  if (fueltech.starts_with("coal")) return 0.6;
  if (fueltech == "wind" || fueltech == "solar_rooftop") return 0.45;
  if (fueltech == "solar_utility" || fueltech == "hydro") return 0.3;
  if (fueltech.starts_with("gas")) return 0.1;
  if (fueltech.starts_with("battery")) return 0.06;
  return 0.03;
}

void add_unit(cell& c, std::string facility, std::string unit, double capacity, bool retired) {
  const auto identity = draw_of(unit);
  c.units.push_back({std::move(unit), std::move(facility), capacity, identity, retired});
}

void add_facility(world& w, const region_plan& region, std::string code, std::string name) {
  const auto known =
      std::any_of(w.facilities.begin(), w.facilities.end(), [&](const facility_info& f) { return f.code == code; });
  if (known) return;
  const auto h = draw_of(code);
  w.facilities.push_back({std::move(code), std::move(name), region.net, std::string(region.code),
                          region.latitude + unit_interval(h), region.longitude + unit_interval(scatter(h))});
}

void add_named_units(world& w, cell& c, const region_plan& region) {
  for (const auto& facility : named) {
    if (facility.region != region.code || facility.fueltech != c.fueltech->code) continue;
    for (auto& unit : words(facility.units)) {
      add_unit(c, std::string(facility.code), std::move(unit), facility.capacity, facility.retired);
    }
    add_facility(w, region, std::string(facility.code), std::string(facility.name));
  }
}

// Facilities with `count` units each for a region's fueltech: NSW1_WIND with NSW1_WIND_1 and NSW1_WIND_2, NSW1_WIND_X2
// …
void add_plain_units(world& w, cell& c, const region_plan& region, int count, int facilities = 1) {
  const auto first = c.rooftop() ? "ROOFTOP_" + c.region : c.region + "_" + upper(c.fueltech->code);
  const double capacity = std::max(5.0, region.demand * share(c.fueltech->code) / (count * facilities));
  for (int one = 1; one <= facilities; ++one) {
    const auto code = one == 1 ? first : first + "_X" + std::to_string(one);
    for (int i = 1; i <= count; ++i) add_unit(c, code, code + "_" + std::to_string(i), capacity, false);
    add_facility(w, region, code, std::string(c.fueltech->label) + " of " + c.region);
  }
}

cell make_cell(const region_plan& region, std::string_view fueltech) {
  cell c;
  c.net = region.net;
  c.region = std::string(region.code);
  c.fueltech = find_fueltech(fueltech);
  c.region_identity = draw_of(region.code);
  c.identity = draw({c.region_identity, draw_of(fueltech)});
  return c;
}

region_info make_region(const region_plan& plan) {
  return {plan.net, std::string(plan.code), draw_of(plan.code), plan.demand};
}

}  // namespace

world make_world(network_time history_start, int facilities_per_fueltech) {
  world w;
  w.history_start = history_start;
  for (const auto& region : regions) {
    w.regions.push_back(make_region(region));
    for (const auto& fueltech : words(region.fueltechs)) {
      auto c = make_cell(region, fueltech);
      add_named_units(w, c, region);
      const bool alone = c.rooftop() || c.fueltech->code.starts_with("coal");
      add_plain_units(w, c, region, alone ? 1 : 2, c.rooftop() ? 1 : facilities_per_fueltech);
      w.cells.push_back(std::move(c));
    }
  }
  return w;
}

world make_fixed_world(network_time history_start) {
  world w;
  w.history_start = history_start;
  w.fixed = true;
  for (const auto& region : regions) {
    if (region.net != network::nem) continue;
    w.regions.push_back(make_region(region));
    for (const auto& fueltech :
         words("battery_charging battery_discharging bioenergy_biogas coal_black gas_ccgt gas_ocgt hydro "
               "solar_rooftop solar_utility wind")) {
      auto c = make_cell(region, fueltech);
      add_plain_units(w, c, region, 1);
      w.cells.push_back(std::move(c));
    }
  }
  return w;
}

}  // namespace oes::sim
