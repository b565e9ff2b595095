#include "simulator/availability.hpp"

#include <algorithm>
#include <optional>

#include "simulator/outages.hpp"
#include "simulator/random.hpp"

namespace oes::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto step = minutes(5);
// The API server's jobs run on AEST, whatever network they serve (api.md §5).
constexpr auto job_clock = hours(10);

std::uint64_t number(network_time t) { return static_cast<std::uint64_t>(t.time_since_epoch().count()); }

// What a draw is for, so that two draws for the same row and label differ.
enum class arrival_topic : std::uint64_t {
  lag = 11,
  late,
  late_by,
  hole,
  hole_kind,
  settle,
  recompute,
  catch_up,
  daily,
  metered
};

std::uint64_t roll(const realism& how, arrival_topic what, std::uint64_t who, network_time label,
                   std::uint64_t more = 0) {
  return draw({how.seed, static_cast<std::uint64_t>(what), who, number(label), more});
}

std::uint64_t table_identity(table from, network net) {
  return static_cast<std::uint64_t>(from) * 8 + static_cast<std::uint64_t>(net);
}

// First instant after `t` at which a job runs that starts every `period`, `offset` past the period, on AEST.
utc_time next_run(utc_time t, seconds period, seconds offset) {
  const auto local = t.time_since_epoch() + job_clock - offset;
  const auto runs = local / period + 1;
  return utc_time(runs * period + offset - job_clock);
}

utc_time next_catch_up(utc_time t) { return next_run(t, hours(2), minutes(3)); }

// When a label of a table arrives if nothing is late or out.
utc_time ordinary_arrival(table from, network net, network_time label, const realism& how) {
  const auto h = roll(how, arrival_topic::lag, table_identity(from, net), label);
  const auto jitter = seconds(h % 120);
  const auto instant = to_utc(label, net);
  if (from == table::market && net == network::wem) return next_catch_up(instant + minutes(8));
  if (from == table::market) return instant + seconds(60) + jitter;
  if (net == network::wem) return instant + minutes(6) + jitter;  // the label is the period's start
  return instant + minutes(6) + jitter;
}

struct arrival {
  utc_time at;
  bool never = false;
};

arrival arrival_of(const row_group& row, network_time label, const realism& how) {
  arrival result{ordinary_arrival(row.from, row.net, label, how)};
  if (happens(roll(how, arrival_topic::late, row.region + table_identity(row.from, row.net), label), how.late)) {
    result.at += minutes(5) + seconds(roll(how, arrival_topic::late_by, row.region, label) % 3600);
  }
  const auto outage = outage_at(row.from, row.net, label, how);
  if (outage && outage->lost) result.never = true;
  if (outage) result.at = std::max(result.at, to_utc(outage->end, row.net) + minutes(10));
  return result;
}

network_time half_hour(network_time t) {
  return network_time(t.time_since_epoch() - t.time_since_epoch() % minutes(30));
}

// Rooftop solar is a 30-min feed: a half-hour's six labels arrive with its reading, about 30 min late.
utc_time rooftop_reading(network net, network_time label, const realism& how) {
  const auto block = half_hour(label);
  return to_utc(block, net) + minutes(33) + seconds(roll(how, arrival_topic::lag, 77, block) % 180);
}

enum class hole { none, absent, filled_later, null_values };

hole hole_of(const row_group& row, network_time label, const realism& how) {
  const auto block = half_hour(label);
  if (row.from == table::market && !happens(roll(how, arrival_topic::hole, row.identity, block, 1), 0.5))
    return hole::none;
  if (!happens(roll(how, arrival_topic::hole, row.identity, block), how.holes)) return hole::none;
  switch (roll(how, arrival_topic::hole_kind, row.identity, block) % 10) {
    case 0:
    case 1:
    case 2:
    case 3:
      return hole::absent;
    case 4:
    case 5:
    case 6:
      return hole::filled_later;
    default:
      return hole::null_values;
  }
}

void add_catch_ups(timeline& life, const row_group& row, network_time label, utc_time appeared, const realism& how) {
  const auto label_instant = to_utc(label, row.net);
  std::uint64_t round = 0;
  for (auto at = next_catch_up(appeared); at - label_instant <= hours(12); at = next_catch_up(at)) {
    ++round;
    if (happens(roll(how, arrival_topic::catch_up, row.identity, label, round), how.revisions * 0.3)) {
      life.add({.at = at, .rates = true, .quantities = true});
    }
  }
}

void add_nem_data_changes(timeline& life, const row_group& row, network_time label, utc_time appeared,
                          const realism& how) {
  const auto settled = ordinary_arrival(row.from, row.net, label + step, how);
  if (settled > appeared && happens(roll(how, arrival_topic::settle, row.identity, label), how.revisions)) {
    life.add({.at = settled, .rates = true, .quantities = true});
  }
  add_catch_ups(life, row, label, appeared, how);
  // Energy from the next-day dispatch: 05:25 AEST, reaching readers with the next catch-up.
  auto at = next_run(appeared, hours(24), hours(6) + minutes(5));
  for (std::uint64_t day = 0; day < 2; ++day, at += hours(24)) {
    if (happens(roll(how, arrival_topic::daily, row.identity, label, day), how.revisions * (day == 0 ? 1.0 : 0.1))) {
      life.add({.at = at, .quantities = true});
    }
  }
}

void add_wem_data_changes(timeline& life, const row_group& row, network_time label, utc_time appeared,
                          const realism& how) {
  add_catch_ups(life, row, label, appeared, how);
  // Dispatch targets are overwritten by metered readings about a day later, in an hourly job.
  const auto metered = next_run(std::max(appeared, to_utc(label, row.net) + hours(24)), hours(1), minutes(20));
  if (happens(roll(how, arrival_topic::metered, row.identity, label), std::min(1.0, how.revisions * 3))) {
    life.add({.at = metered, .rates = true, .quantities = true});
  }
}

void add_market_changes(timeline& life, const row_group& row, network_time label, utc_time appeared,
                        const realism& how) {
  if (row.net == network::nem) {
    // The edge row lacks what other feeds bring; the next step's run completes it, then 60 min of recomputing follow.
    life.starts_partial = how.revisions > 0;
    life.add({.at = appeared + step, .completes = true});
    for (std::uint64_t run = 1; run < 12; ++run) {
      if (happens(roll(how, arrival_topic::recompute, row.identity, label, run), how.revisions * 0.1)) {
        life.add({.at = appeared + run * step, .rates = true, .quantities = true});
      }
    }
  }
  add_catch_ups(life, row, label, appeared, how);
}

void add_rooftop_changes(timeline& life, const row_group& row, network_time label, const realism& how) {
  if (how.revisions <= 0 || label == half_hour(label)) return;
  // Carried forward until the next half-hour's reading allows to interpolate.
  life.add({.at = rooftop_reading(row.net, label + minutes(30), how) + seconds(30), .rates = true, .quantities = true});
}

}  // namespace

timeline timeline_of(const row_group& row, network_time label, const realism& how) {
  timeline life;
  if (row.net == network::wem && label.time_since_epoch() % how.wem_every != seconds(0)) return life;
  auto arrived = arrival_of(row, label, how);
  const auto gap = hole_of(row, label, how);
  if (arrived.never || gap == hole::absent) return life;
  if (row.rooftop && !how.calm()) arrived.at = std::max(arrived.at, rooftop_reading(row.net, label, how));
  if (gap == hole::filled_later) arrived.at = next_catch_up(arrived.at + hours(2));
  life.null_values = gap == hole::null_values;
  life.add({.at = arrived.at, .appears = true});
  if (row.rooftop) {
    add_rooftop_changes(life, row, label, how);
  } else if (row.from == table::market) {
    add_market_changes(life, row, label, arrived.at, how);
  } else if (row.net == network::nem) {
    add_nem_data_changes(life, row, label, arrived.at, how);
  } else {
    add_wem_data_changes(life, row, label, arrived.at, how);
  }
  return life;
}

row_state state_at(const timeline& life, utc_time now) {
  row_state state;
  state.null_values = life.null_values;
  state.partial = life.starts_partial;
  utc_time newest_rates{};
  utc_time newest_quantities{};
  std::uint32_t index = 0;
  for (const auto& c : life.changes()) {
    ++index;
    if (c.at > now) continue;
    state.present = state.present || c.appears;
    if (c.completes) state.partial = false;
    if (c.rates && c.at >= newest_rates) {
      newest_rates = c.at;
      state.rates_version = index;
    }
    if (c.quantities && c.at >= newest_quantities) {
      newest_quantities = c.at;
      state.quantities_version = index;
    }
  }
  return state;
}

network_time newest_possible_label(table from, network net, utc_time now) {
  const auto local = to_network_time(now, net);
  const auto label = network_time(local.time_since_epoch() - local.time_since_epoch() % minutes(5));
  return from == table::market ? label : label - step;
}

}  // namespace oes::sim
