#include "simulator/values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "simulator/python_number.hpp"
#include "simulator/random.hpp"

namespace oes::sim {
namespace {

constexpr double null = std::numeric_limits<double>::quiet_NaN();
constexpr double steps_per_hour = 12;

// Draws for values, kept apart from availability's.
enum class value_topic : std::uint64_t {
  drift = 101,
  jitter,
  revised,
  price,
  price_jitter,
  demand,
  share,
  curtail,
  flow
};

std::uint64_t roll(std::uint64_t seed, value_topic what, std::uint64_t who, std::int64_t when,
                   std::uint64_t version = 0) {
  return draw({seed, static_cast<std::uint64_t>(what), who, static_cast<std::uint64_t>(when), version});
}

// Slow noise in [0, 1): linear between hourly draws.
double drift(std::uint64_t seed, value_topic what, std::uint64_t who, network_time label) {
  const auto s = label.time_since_epoch().count();
  const auto hour = s / 3600;
  const double part = static_cast<double>(s % 3600) / 3600.0;
  const double a = unit_interval(roll(seed, what, who, hour));
  const double b = unit_interval(roll(seed, what, who, hour + 1));
  return a + (b - a) * part;
}

double hour_of_day(network_time label) {
  return static_cast<double>(label.time_since_epoch().count() % 86400) / 3600.0;
}

double sun(double hour) { return hour <= 6 || hour >= 18.5 ? 0.0 : std::sin((hour - 6) / 12.5 * std::numbers::pi); }

double evening(double hour) { return hour >= 17 && hour < 22 ? std::sin((hour - 17) / 5 * std::numbers::pi) : 0.0; }

// Output as a share of capacity, without noise of its own.
double profile(const fueltech_info& fueltech, double hour, double slow) {
  const auto code = fueltech.code;
  if (code.starts_with("solar")) return sun(hour) * (0.55 + 0.4 * slow);
  if (code.starts_with("wind")) return 0.1 + 0.7 * slow;
  if (code.starts_with("coal")) return 0.6 + 0.2 * slow - 0.15 * sun(hour);
  if (code == "hydro") return 0.2 + 0.4 * evening(hour) + 0.2 * slow;
  if (code == "battery_charging" || code == "pumps") return sun(hour) * 0.6 * slow;
  if (code == "battery_discharging") return evening(hour) * (0.4 + 0.5 * slow);
  if (code == "battery") return 0.7 * evening(hour) - 0.6 * sun(hour);
  if (code == "distillate" || code == "gas_ocgt" || code == "gas_recip") return evening(hour) * slow * 0.5;
  return 0.3 + 0.3 * slow;
}

double revised(std::uint64_t seed, std::uint64_t who, network_time label, std::uint32_t version) {
  if (version == 0) return 1.0;
  const auto h = roll(seed, value_topic::revised, who, label.time_since_epoch().count(), version);
  return 1.0 + 0.04 * (unit_interval(h) - 0.5);
}

double generated(const cell& c, const unit_info& unit, network_time label, std::uint64_t seed) {
  const double slow = drift(seed, value_topic::drift, unit.identity, label);
  const double jitter = unit_interval(roll(seed, value_topic::jitter, unit.identity, label.time_since_epoch().count()));
  return unit.capacity * profile(*c.fueltech, hour_of_day(label), slow) * (0.985 + 0.03 * jitter);
}

double price_of(std::uint64_t region, network_time label, std::uint32_t version, std::uint64_t seed) {
  const double hour = hour_of_day(label);
  const double slow = drift(seed, value_topic::price, region, label);
  const auto h = roll(seed, value_topic::price_jitter, region, label.time_since_epoch().count(), version);
  const double spike = happens(scatter(h), 0.002) ? 900 : 0;
  return round_to(75 + 40 * slow + 90 * evening(hour) - 140 * sun(hour) * slow + 12 * unit_interval(h) + spike, 2);
}

}  // namespace

unit_row unit_values(const cell& c, const unit_info& unit, network_time label, const row_state& state,
                     std::uint64_t seed, bool storage_everywhere) {
  const auto at = [](unit_column column) { return static_cast<std::size_t>(column); };
  unit_row row{null, null, null, 0.0, 0.0};
  if (state.null_values) return row;
  const double base = generated(c, unit, label, seed);
  const double energy =
      round_to(base / steps_per_hour * revised(seed, unit.identity + 1, label, state.quantities_version), 4);
  row[at(unit_column::generated)] = round_to(base * revised(seed, unit.identity, label, state.rates_version), 4);
  row[at(unit_column::energy)] = energy;
  if (storage_everywhere || c.fueltech->code == "battery") {
    const double slow = drift(seed, value_topic::drift, unit.identity + 2, label);
    row[at(unit_column::energy_storage)] =
        round_to(unit.capacity * (1 + slow) * revised(seed, unit.identity + 3, label, state.quantities_version), 4);
  }
  if (energy > 0) {
    row[at(unit_column::emissions)] = round_to(c.fueltech->emissions_factor * energy, 4);
    row[at(unit_column::market_value)] = round_to(energy * price_of(c.region_identity, label, 0, seed), 4);
  }
  return row;
}

market_row market_values(const region_info& region, network_time label, const row_state& state, std::uint64_t seed) {
  market_row row;
  row.fill(null);
  if (state.null_values) return row;
  const auto set = [&row](market_column column, double value) { row[static_cast<std::size_t>(column)] = value; };
  const double hour = hour_of_day(label);
  const double level = 0.75 + 0.2 * drift(seed, value_topic::demand, region.identity, label) + 0.3 * evening(hour);
  const double rates = revised(seed, region.identity, label, state.rates_version);
  const double quantities = revised(seed, region.identity + 1, label, state.quantities_version);
  const double demand = region.demand * level * (1 - 0.25 * sun(hour));
  set(market_column::price, price_of(region.identity, label, state.rates_version, seed));
  set(market_column::demand, round_to(demand * rates, 4));
  if (state.partial) return row;
  // WEM market energies are six times too high in the server that was looked at (api.md §3).
  const double per_hour = region.net == network::wem ? 2.0 : steps_per_hour;
  const auto set_pair = [&](market_column power, market_column energy, double value) {
    set(power, round_to(value * rates, 4));
    set(energy, round_to(value / per_hour * quantities, 4));
  };
  const double gross = demand + region.demand * 0.35 * sun(hour);
  const double renewable =
      gross * (0.2 + 0.3 * drift(seed, value_topic::share, region.identity, label) + 0.3 * sun(hour));
  const double curtailed = region.demand * 0.02 * drift(seed, value_topic::curtail, region.identity, label);
  const double solar_part = curtailed * sun(hour);
  const double wind_part = curtailed * 0.5;
  const double flow = region.demand * 0.1 * (drift(seed, value_topic::flow, region.identity, label) - 0.5) / per_hour;
  set(market_column::demand_energy, round_to(demand / per_hour * quantities, 4));
  set_pair(market_column::demand_gross, market_column::demand_gross_energy, gross);
  set_pair(market_column::generation_renewable, market_column::generation_renewable_energy, renewable);
  set_pair(market_column::generation_renewable_with_storage, market_column::generation_renewable_with_storage_energy,
           renewable * 1.05);
  set_pair(market_column::curtailment_total, market_column::curtailment_energy_total, solar_part + wind_part);
  set_pair(market_column::curtailment_solar_total, market_column::curtailment_energy_solar_total, solar_part);
  set_pair(market_column::curtailment_wind_total, market_column::curtailment_energy_wind_total, wind_part);
  if (region.net == network::nem) {
    set(market_column::energy_imports, round_to(std::max(0.0, flow) * quantities, 4));
    set(market_column::energy_exports, round_to(std::max(0.0, -flow) * quantities, 4));
  }
  return row;
}

}  // namespace oes::sim
