#include "migrate/migration_remarks.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "config/nearest.hpp"
#include "config/quantity.hpp"
#include "model/metric.hpp"
#include "model/plan_limits.hpp"

namespace oes {
namespace {

using std::chrono::seconds;

constexpr double many_requests = 100;

bool has(const migrated_stream& one, std::string_view metric) {
  return std::find(one.metrics.begin(), one.metrics.end(), metric) != one.metrics.end();
}

void remark_on_start(const told_job& job, network_time now, migrated_stream& one) {
  if (job.has_progress) return;
  const auto& asked = job.asked;
  if (!asked.start_hours_ago && asked.start_time && *asked.start_time > now) {
    one.remarks.emplace_back("start_time " + format(*asked.start_time, utc_offset(asked.net)) +
                             " lies in the future: the stream begins now.");
  } else if (!asked.start_hours_ago && !asked.start_time) {
    one.remarks.emplace_back(
        "No progress file and no start were given: it begins 24 hours back (the old source began 1 hour back).");
  }
  one.remarks.emplace_back(
      "No progress file was read, so nothing tells where a table of the old job ends (its progress went before any "
      "start): appended to it, rows would be doubled or missing. To continue one, migrate again with its "
      "progress.json: --progress FILE.");
}

void remark_on_batches(const old_job& asked, seconds way, migrated_stream& one) {
  const double old_requests = std::ceil(static_cast<double>(way.count()) / 3600.0 / asked.batch_size_hours);
  const auto window = limits_of("COMMUNITY").max_window(asked.interval);
  const double requests = std::ceil(static_cast<double>(way.count()) / static_cast<double>(seconds(window).count()));
  const auto cost = "the way from the start to now would take " + format_number(old_requests) +
                    " requests, each a credit; in the largest windows that the plan allows it takes " +
                    format_number(std::max(1.0, requests));
  if (one.batch_size_hours) {
    if (old_requests >= many_requests) {
      one.remarks.emplace_back("With batch_size_hours: " + format_number(asked.batch_size_hours) + " " + cost + ".");
    }
    return;
  }
  std::string text = "batch_size_hours: " + format_number(asked.batch_size_hours) + " is left out";
  if (old_requests >= many_requests) text += ": with it " + cost;
  one.remarks.push_back(text + " (--keep-batch-size keeps it).");
}

void remark_on_options(const old_job& asked, migrated_stream& one) {
  if (asked.net == network::au) {
    one.remarks.emplace_back("AU adds up clocks that are two hours apart: prefer a NEM and a WEM stream.");
  }
  if (asked.resets_progress) {
    one.remarks.emplace_back(
        "reset_progress has no counterpart: the daemon never forgets by itself; `progress reset` makes it.");
  }
  if (asked.has_end) {
    one.remarks.emplace_back(
        "end_time has no counterpart: a stream has no end. A bounded range is `backfill --from --to`.");
  }
  if (!asked.unknown.empty()) {
    one.remarks.emplace_back(
        "Not options of the old source, which passed them over; left out: " + listed(asked.unknown) + ".");
  }
}

// The API's series are called power_total, power_NSW1, market_value_NSW1, power_NSW1|coal, power_coal. Where the old
// source found no region in the labels, it took the second piece of that name for it.
void remark_on_regions(const old_job& asked, migrated_stream& one) {
  const bool value = has(one, "market_value");
  const bool battery = has(one, "storage_battery");
  const bool is_grouped = asked.secondary != secondary_grouping::none;
  if (asked.primary == primary_grouping::network) {
    std::string pieces = is_grouped ? "a piece of the fueltech's name, 'battery' say" : "'total'";
    if (value) pieces += ", 'value' for market_value";
    if (battery) pieces += ", 'battery' for storage_battery";
    one.remarks.emplace_back("Without a region versions of the old source wrote a piece of the series' name (" +
                             pieces + ") into network_region; here it is null" +
                             (value || battery ? ", and all metrics of a time are in one row." : "."));
    return;
  }
  if (is_grouped) return;
  for (const auto& [asks, label, metric] :
       {std::tuple(value, "value", "market_value"), std::tuple(battery, "battery", "storage_battery")}) {
    if (!asks) continue;
    one.remarks.emplace_back("Of " + std::string(metric) +
                             " versions of the old source kept one row for each time, with network_region = '" + label +
                             "' and the value of whichever region came last; the regions' own rows lack it. "
                             "Here it is in the row of its region. A cut-over deletes such rows from the start on, "
                             "like all others; older ones belong to no region.");
  }
}

void remark_on_grouping(const old_job& asked, migrated_stream& one) {
  if (fits_old_columns(asked.secondary)) return;
  one.remarks.emplace_back(
      "Grouped by " + std::string(code(asked.secondary)) +
      ", which is none of the 22 columns: versions of the old source kept one row for each time and region, of "
      "whichever " +
      std::string(code(asked.secondary)) +
      " came last. Here each has its own record (with the field of that name): do not continue such a table, begin a "
      "new one.");
}

void remark_on_market(const told_job& job, migrated_stream& one) {
  one.remarks.emplace_back(
      job.has_other_metrics
          ? "The market metrics of a job that asked for others too: the API has them on an endpoint of its own, so "
            "they are a request and rows of their own. The old source asked for all on the other endpoint, which "
            "refuses them: it had no data of them."
          : "Market metrics: the old source asked for them on the endpoint of the data metrics, which refuses them.");
  if (job.asked.secondary != secondary_grouping::none) {
    one.remarks.push_back("secondary_grouping " + std::string(code(job.asked.secondary)) +
                          " is left out: the API splits data metrics alone.");
  }
}

}  // namespace

bool is_market(const std::string& metric) {
  const auto known = find_metric(metric);
  return !known || known->served_by == endpoint::market;
}

void remark_on_job(const told_job& job, utc_time now, migrated_stream& one) {
  const auto& asked = job.asked;
  const bool market = is_market(one.metrics.front());
  if (!job.has_other_metrics) {
    const auto local_now = to_network_time(now, asked.net);
    remark_on_start(job, local_now, one);
    remark_on_batches(asked, local_now - one.from, one);
    if (!market) remark_on_regions(asked, one);
    remark_on_options(asked, one);
  }
  if (market) {
    remark_on_market(job, one);
  } else {
    remark_on_grouping(asked, one);
  }
  one.remarks.emplace_back(
      one.wide
          ? "record.shape: wide, since the old source put all metrics of a time and series into one row, with "
            "metric and unit null. long (the default) is one record for each metric: better for new tables."
          : "With one metric an old row and a record are alike, but for metric and unit, which were null there and "
            "are set here.");
  if (one.own_topic) {
    one.remarks.emplace_back(
        "A topic of its own: the 22 columns cannot tell its records from those of a stream before it.");
  }
}

}  // namespace oes
