#include "migrate/cut_over.hpp"

#include <algorithm>
#include <cmath>

#include "config/quantity.hpp"
#include "migrate/migration_remarks.hpp"
#include "model/plan_limits.hpp"

namespace oes {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr auto usual_holes = days(8);  // one request of 5m on the smallest plan
constexpr double most_requests_again = 10;

std::string span_text(seconds span) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(span);
  if (minutes >= days(2)) return std::to_string(std::chrono::duration_cast<days>(span).count()) + " days";
  return format_duration(minutes);
}

// The first label that the plan can fetch whole.
network_time oldest_label(network n, interval_size interval, utc_time now) {
  const auto history = limits_of("COMMUNITY").history;
  if (!history) return network_time::min();
  return bucket_add(bucket_floor(to_network_time(now, n) - *history + days(1), interval), interval, 1);
}

network_time first_label(network_time from, interval_size interval) {
  const auto before = bucket_floor(from, interval);
  return before == from ? from : bucket_add(before, interval, 1);
}

using members = std::vector<migrated_stream*>;

double requests_between(network_time from, network_time to, interval_size interval) {
  const seconds window = limits_of("COMMUNITY").max_window(interval);
  return std::ceil(static_cast<double>((to - from).count()) / static_cast<double>(window.count()));
}

constexpr const char* one_by_one =
    " Where each job wrote into a table of its own, migrate them one by one: each then has its DELETE.";

std::string refusal_of(const members& streams, const migrated_stream& first, utc_time now) {
  for (const auto* one : streams) {
    if (!fits_old_columns(one->secondary)) {
      return "stream " + one->name + " is grouped by " + std::string(code(one->secondary)) +
             ", which is none of the 22 columns: a table that its job wrote is not continued, begin a new one." +
             (streams.size() > 1 ? one_by_one : "");
    }
    if (!one->cut) {
      return "no progress file was read for stream " + one->name +
             ", so nothing tells where its rows end, and the 22 columns do not tell them from those of the others. "
             "Migrate again with a --progress for each job." +
             one_by_one;
    }
  }
  double again = 0;
  const migrated_stream* farthest = &first;
  for (const auto* one : streams) {
    const auto start = first_label(first.cut->start, one->interval);
    if (start < one->cut->start && start < oldest_label(one->net, one->interval, now)) {
      return "stream " + one->name + " would have to begin with " + first.name + ", at " + time_text(start, one->net) +
             ", and the free plan does not reach back so far." + one_by_one;
    }
    again += start < one->cut->start ? requests_between(start, one->cut->start, one->interval) : 0;
    if (one->cut->start > farthest->cut->start) farthest = one;
  }
  if (again <= most_requests_again) return {};
  return "streams " + first.name + " and " + farthest->name + " begin " +
         span_text(farthest->cut->start - first.cut->start) +
         " apart, and the 22 columns do not tell their rows apart. Where they wrote into one table, give all of them "
         "start: " +
         time_text(first.cut->start, first.net) + " and delete from there: that costs " + format_number(again) +
         " requests more." + one_by_one;
}

// Of one network: rows that belong to no region, since the old source took the second piece of a series' name for it.
std::vector<std::string> strays_of(const members& streams) {
  std::vector<std::string> out;
  for (const auto* metric : {"market_value", "storage_battery"}) {
    const std::string label = metric == std::string_view("market_value") ? "value" : "battery";
    bool made = false;
    bool meant = false;
    for (const auto* one : streams) {
      const bool has = std::find(one->metrics.begin(), one->metrics.end(), metric) != one->metrics.end();
      const bool by_region = one->primary == primary_grouping::network_region;
      made = made || (has && by_region && one->secondary == secondary_grouping::none);
      // Without a region it is all of the network that is called so; or a fueltech (power_battery_charging).
      meant = meant || (!by_region && (has || (label == "battery" && one->secondary != secondary_grouping::none)));
    }
    if (made && !meant) out.push_back(label);
  }
  return out;
}

void join(const members& streams, const migrated_stream& first, network_cut& cut, utc_time now) {
  cut.start = first.cut->start;
  cut.hole_since = cut.start;
  for (const auto* one : streams) cut.hole_since = std::min(cut.hole_since, one->cut->hole_since);
  for (const auto* one : streams) {  // what the plan cannot fetch again must not be deleted
    const auto oldest = oldest_label(one->net, one->interval, now);
    if (first_label(cut.hole_since, one->interval) < oldest) cut.hole_since = std::min(oldest, cut.start);
  }
  for (auto* one : streams) {
    one->cut->start = first_label(cut.start, one->interval);
    one->cut->hole_since = std::min(first_label(cut.hole_since, one->interval), one->cut->start);
    one->from = one->cut->start;
    one->start = time_text(one->from, one->net);
  }
}

}  // namespace

std::string time_text(network_time t, network n) { return format(t, utc_offset(n)); }

// A day early: what the API had not settled or not yet shown when the old job asked is read again.
cut_over cut_over_after(network_time progress, const old_job& asked, utc_time now) {
  const auto reached = std::min(progress, to_network_time(now, asked.net));
  const auto oldest = oldest_label(asked.net, asked.interval, now);
  // What lies before the plan's history must not be deleted: nobody can have it again.
  cut_over out{std::max(bucket_floor(reached - days(1), asked.interval), oldest), {}, progress, false};
  out.hole_since = bucket_floor(out.start - usual_holes, asked.interval);
  if (asked.start_time && *asked.start_time < out.start) {
    out.hole_since = bucket_floor(*asked.start_time, asked.interval);
  }
  out.is_cut_short = out.hole_since < oldest;
  if (out.is_cut_short) out.hole_since = std::min(oldest, out.start);
  return out;
}

result<cut_over> cut_over_since(const std::string& typed, const cut_over& usual, const old_job& asked, utc_time now) {
  const auto refuse = [&](const std::string& why) { return error{errc::bad_config, "--since " + typed + ": " + why}; };
  const auto since = read_typed_time(typed, asked.net);
  if (!since) return refuse("no time like 2024-01-15T10:30:00");
  auto out = usual;
  out.start = out.hole_since = bucket_floor(*since, asked.interval);
  out.is_cut_short = false;
  out.is_asked_for = true;
  if (out.start > usual.start) {
    return refuse("it lies after " + time_text(usual.start, asked.net) + ", where the stream begins without it");
  }
  const auto oldest = oldest_label(asked.net, asked.interval, now);
  if (out.start < oldest) {
    return refuse("the free plan reaches back to " + time_text(oldest, asked.net) +
                  "; rows of the old table before that could not be had again");
  }
  return out;
}

void join_cut_overs(migration& plan, utc_time now) {
  for (const auto& each : plan.streams) {
    const bool known =
        std::any_of(plan.cuts.begin(), plan.cuts.end(), [&](const network_cut& cut) { return cut.net == each.net; });
    if (known || !each.cut) continue;
    members streams;
    for (auto& one : plan.streams) {
      // The old source had no data of market metrics: without a progress there is nothing to go on from.
      if (one.net == each.net && (one.cut || !is_market(one.metrics.front()))) streams.push_back(&one);
    }
    const auto& first = **std::min_element(streams.begin(), streams.end(), [](const auto* a, const auto* b) {
      return a->cut && (!b->cut || a->cut->start < b->cut->start);
    });
    network_cut cut{each.net, {}, {}, refusal_of(streams, first, now), {}};
    if (cut.refusal.empty()) {
      join(streams, first, cut, now);
      cut.strays = strays_of(streams);
    }
    plan.cuts.push_back(std::move(cut));
  }
}

void remark_on_cut_over(migrated_stream& one, const cut_over& alone, double batch_hours, utc_time now) {
  const auto local_now = to_network_time(now, one.net);
  const auto reached = std::min(alone.progress, local_now);
  const auto start = time_text(one.cut->start, one.net);
  if (alone.is_cut_short) {
    one.remarks.emplace_back("The free plan reaches back " +
                             std::to_string(limits_of("COMMUNITY").history.value_or(days(0)).count()) +
                             " days: holes are filled from " + time_text(one.cut->hole_since, one.net) +
                             " on; rows of the old table before that cannot be had again, so leave them.");
  }
  if (alone.progress > local_now) {
    one.remarks.emplace_back(
        "Its progress.json says " + time_text(alone.progress, one.net) + ", which lies " +
        span_text(alone.progress - local_now) +
        " in the future: the old source adds batch_size_hours with every batch and never looks at the clock, and from "
        "there on it asked for what did not exist yet. It is taken as now. What it missed comes after the newest row "
        "of the old table: SELECT max(interval) FROM old_table WHERE network_code = '" +
        std::string(code(one.net)) + "'. Where that is older than " + start +
        ", migrate again with --since, that time.");
  }
  const std::string hides =
      "The old source moved on past errors and wrote a row of nulls for each: its progress hides holes. Every such "
      "row (interval IS NULL) is a lost batch of " +
      format_number(batch_hours) + " h. ";
  if (alone.is_asked_for) {
    one.remarks.emplace_back("It begins at " + start +
                             ", as asked (--since): the old table's rows from there on are "
                             "deleted first (cut-over) and published again, which takes " +
                             format_number(requests_between(one.cut->start, local_now, one.interval)) +
                             " requests, each a credit.");
    one.remarks.emplace_back(hides + "From there on that fills them.");
    return;
  }
  if (alone.start > bucket_floor(reached - days(1), one.interval)) {
    one.remarks.push_back("It begins at " + start + ", where the free plan reaches back to: the old job stopped at " +
                          time_text(reached, one.net) +
                          (reached < alone.start ? ", and what lies between cannot be had again." : ".") +
                          " The old table's rows from there on are deleted first (cut-over), older ones stay.");
    return;
  }
  const auto before =
      time_text(alone.start, one.net) + ", one day before " + time_text(reached, one.net) +
      ": a day is read again on purpose, since the newest values were not settled when the old job "
      "read them." +
      (fits_old_columns(one.secondary) ? " The old table's rows of that day are deleted first (cut-over)." : "");
  one.remarks.emplace_back(one.cut->start == alone.start
                               ? "It begins at " + before
                               : "It begins at " + start + ", with the other streams of its network, instead of " +
                                     before + " One time for all, since one DELETE takes the rows of all of them.");
  one.remarks.emplace_back(hides +
                           "To fill them: migrate again with --since, the time where the table or the hole "
                           "begins; or backfill, below.");
}

}  // namespace oes
