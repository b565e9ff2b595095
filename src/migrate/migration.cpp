#include "migrate/migration.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "config/nearest.hpp"
#include "config/quantity.hpp"
#include "model/metric.hpp"
#include "model/plan_limits.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::string_view usual_url = "https://api.openelectricity.org.au/v4";
constexpr auto usual_holes = days(8);  // one request of 5m on the smallest plan
constexpr double many_requests = 100;
constexpr auto longest_way_back = days(3650);  // farther back a date says more

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string shown(network_time t, network n) { return format(t, utc_offset(n)); }

std::string span_text(seconds span) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(span);
  if (minutes >= days(2)) return std::to_string(std::chrono::duration_cast<days>(span).count()) + " days";
  return format_duration(minutes);
}

bool is_market(const std::string& metric) {
  const auto known = find_metric(metric);
  return !known || known->served_by == endpoint::market;
}

std::string free_name(const old_job& job, const std::set<std::string>& taken) {
  auto base = lower(code(job.net));
  if (!taken.contains(base)) return base;
  auto longer = base + "-" + lower(code(job.interval)) + (job.interval == interval_size::mo1 ? "o" : "");
  if (!taken.contains(longer)) return longer;
  for (int i = 2;; ++i) {
    auto numbered = base + "-" + std::to_string(i);
    if (!taken.contains(numbered)) return numbered;
  }
}

class planner {
 public:
  explicit planner(const migration_input& input) : input_(input) {}

  result<migration> run() {
    for (const auto& job : input_.jobs) add_job(job);
    if (urls_.size() > 1) {
      return error{errc::bad_config,
                   "the jobs have several values of base_url: " + printable(listed({urls_.begin(), urls_.end()})) +
                       "; one daemon asks one API: migrate them one by one"};
    }
    if (!urls_.empty() && *urls_.begin() != usual_url) out_.base_url = *urls_.begin();
    give_topics();
    compare_starts();
    return std::move(out_);
  }

 private:
  void add_job(const migrated_job& job) {
    const auto& asked = job.asked;
    auto url = asked.base_url.empty() ? std::string(usual_url) : asked.base_url;
    while (url.ends_with('/')) url.pop_back();
    urls_.insert(url);
    migrated_stream one;
    one.name = free_name(asked, names_);
    names_.insert(one.name);
    one.net = asked.net;
    one.interval = asked.interval;
    one.primary = asked.primary;
    one.secondary = asked.secondary;
    if (input_.batch_size == old_batch_size::kept) one.batch_size_hours = asked.batch_size_hours;
    one.remarks = asked.remarks;
    set_start(job, one);
    remark_on_options(asked, one);
    split_by_endpoint(asked, std::move(one));
  }

  void set_start(const migrated_job& job, migrated_stream& one) {
    const auto& asked = job.asked;
    const auto now = to_network_time(input_.now, asked.net);
    network_time from = now;
    if (job.progress) {
      from = start_after_progress(*job.progress, asked, now, one);
    } else if (asked.start_hours_ago) {
      const auto span = seconds(static_cast<std::int64_t>(*asked.start_hours_ago * 3600));
      from = now - span;
      one.start =
          span < longest_way_back ? "-" + format_duration(span) : shown(bucket_floor(from, asked.interval), asked.net);
    } else if (asked.start_time) {
      from = bucket_floor(std::min(*asked.start_time, now), asked.interval);
      one.start = shown(from, asked.net);
      if (*asked.start_time > now) {
        one.remarks.emplace_back("start_time " + shown(*asked.start_time, asked.net) +
                                 " lies in the future: the stream begins now.");
      }
    } else {
      one.start = "-24h";
      one.remarks.emplace_back(
          "No progress file and no start were given: it begins 24 hours back (the old source began 1 hour back).");
    }
    if (!job.progress) {
      one.remarks.emplace_back(
          "No progress file was read, so nothing tells where a table of the old job ends (its progress went before any "
          "start): appended to it, rows would be doubled or missing. To continue one, migrate again with its "
          "progress.json: --progress FILE.");
    }
    remark_on_batches(asked, now - from, one);
  }

  // A day early: what the API had not settled or not yet shown when the old job asked is read again.
  network_time start_after_progress(network_time progress, const old_job& asked, network_time now,
                                    migrated_stream& one) const {
    const auto reached = std::min(progress, now);
    const auto start = bucket_floor(reached - days(1), asked.interval);
    auto hole_since = bucket_floor(start - usual_holes, asked.interval);
    if (asked.start_time && *asked.start_time < start) hole_since = bucket_floor(*asked.start_time, asked.interval);
    // What the plan cannot fetch again must not be deleted.
    const auto history = limits_of("COMMUNITY").history;
    const auto oldest = history ? bucket_add(bucket_floor(now - *history + days(1), asked.interval), asked.interval, 1)
                                : network_time::min();
    if (hole_since < oldest) {
      hole_since = std::min(oldest, start);
      one.remarks.emplace_back("The free plan reaches back " + std::to_string(history->count()) +
                               " days: holes are filled from " + shown(hole_since, asked.net) +
                               " on; rows of the old table before that cannot be had again, so leave them.");
    }
    one.start = shown(start, asked.net);
    one.cut = cut_over{start, hole_since};
    if (progress > now) {
      one.remarks.emplace_back(
          "Its progress.json says " + shown(progress, asked.net) + ", which lies " + span_text(progress - now) +
          " in the future: the old source adds batch_size_hours with every batch and never looks at the clock, and "
          "from "
          "there on it asked for what did not exist yet. It is taken as now. What it missed lies behind the newest row "
          "of the old table: SELECT max(interval) FROM old_table WHERE network_code = '" +
          std::string(code(asked.net)) + "'. Where that is older than " + shown(start, asked.net) +
          ", set start: to it, or fill the hole by the backfill below.");
    }
    one.remarks.emplace_back(
        "It begins at " + shown(start, asked.net) + ", one day before " + shown(reached, asked.net) +
        ": a day is read again on purpose, since the newest values were not settled when the old job "
        "read them. The old table's rows of that day are deleted first (cut-over).");
    one.remarks.emplace_back(
        "The old source moved on past errors and wrote a row of nulls for each: its progress hides holes. Every such "
        "row "
        "(interval IS NULL) is a lost batch of " +
        format_number(asked.batch_size_hours) + " h. To fill them: backfill, below.");
    return start;
  }

  void remark_on_batches(const old_job& asked, seconds way, migrated_stream& one) const {
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

  static void remark_on_options(const old_job& asked, migrated_stream& one) {
    if (asked.primary == primary_grouping::network) {
      one.remarks.emplace_back(
          "Without a region versions of the old source wrote a piece of the series' name (total) into network_region; "
          "here it is null.");
    }
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

  static void remark_on_grouping(const old_job& asked, migrated_stream& one) {
    if (asked.secondary == secondary_grouping::none || asked.secondary == secondary_grouping::fueltech_group) return;
    one.remarks.emplace_back(
        "Grouped by " + std::string(code(asked.secondary)) +
        ", which is none of the 22 columns: versions of the old source kept one row for each time and region, of "
        "whichever " +
        std::string(code(asked.secondary)) +
        " came last. Here each has its own record (with the field of that name): do not continue such a table, begin "
        "a "
        "new one.");
  }

  void split_by_endpoint(const old_job& asked, migrated_stream one) {
    auto market = one;
    for (const auto& metric : asked.metrics) (is_market(metric) ? market : one).metrics.push_back(metric);
    const bool both = !one.metrics.empty() && !market.metrics.empty();
    if (!one.metrics.empty()) remark_on_grouping(asked, one);
    if (both) {
      market.name += "-market";
      names_.insert(market.name);
      market.remarks = {
          "The market metrics of job " + one.name +
          ": the API has them on an endpoint of its own, so they are a request and rows of their own. The "
          "old source asked for all on the other endpoint, which refuses them: it had no data of them."};
    } else if (!market.metrics.empty()) {
      market.remarks.emplace_back(
          "Market metrics: the old source asked for them on the endpoint of the data metrics, which refuses them.");
    }
    if (!one.metrics.empty()) finish(std::move(one));
    if (!market.metrics.empty()) {
      if (asked.secondary != secondary_grouping::none) {
        market.remarks.push_back("secondary_grouping " + std::string(code(asked.secondary)) +
                                 " is left out: the API splits data metrics alone.");
      }
      market.secondary = secondary_grouping::none;
      finish(std::move(market));
    }
  }

  void finish(migrated_stream one) {
    one.wide = one.metrics.size() > 1;
    one.remarks.emplace_back(
        one.wide
            ? "record.shape: wide, since the old source put all metrics of a time and series into one row, with "
              "metric and unit null. long (the default) is one record for each metric: better for new tables."
            : "With one metric an old row and a record are alike, but for metric and unit, which were null there and "
              "are set here.");
    out_.streams.push_back(std::move(one));
  }

  // Of one topic a reader of the 22 columns can tell networks apart, and nothing else.
  void give_topics() {
    for (std::size_t i = 0; i < out_.streams.size(); ++i) {
      auto& one = out_.streams[i];
      one.own_topic = std::any_of(out_.streams.begin(), out_.streams.begin() + static_cast<std::ptrdiff_t>(i),
                                  [&](const migrated_stream& before) {
                                    const bool same_topic =
                                        !before.own_topic && before.interval == one.interval &&
                                        is_market(before.metrics.front()) == is_market(one.metrics.front());
                                    const bool alike = before.net != one.net && before.primary == one.primary &&
                                                       before.secondary == one.secondary && before.wide == one.wide;
                                    return same_topic && !alike;
                                  });
      if (one.own_topic) {
        one.remarks.emplace_back(
            "A topic of its own: the 22 columns cannot tell its records from those of a stream before it.");
      }
    }
  }

  void compare_starts() {
    for (std::size_t i = 1; i < out_.streams.size(); ++i) {
      const auto& one = out_.streams[i];
      const auto& before = out_.streams[i - 1];
      if (!one.cut || !before.cut || one.net != before.net || one.cut->start == before.cut->start) continue;
      out_.remarks.emplace_back("Streams " + before.name + " and " + one.name +
                                " begin at different times: where their old jobs wrote into one table, give both the "
                                "earlier start, and delete from there.");
    }
  }

  const migration_input& input_;
  migration out_;
  std::set<std::string> names_;
  std::set<std::string> urls_;
};

}  // namespace

result<migration> plan_migration(const migration_input& input) { return planner(input).run(); }

}  // namespace oes
