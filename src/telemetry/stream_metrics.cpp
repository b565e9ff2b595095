#include <functional>
#include <set>

#include "telemetry/status_metrics.hpp"
#include "telemetry/stream_summary.hpp"

namespace oes {
namespace {

using value = std::optional<double>;

double as_value(std::int64_t n) { return static_cast<double>(n); }

value as_value(const std::optional<std::chrono::seconds>& span) {
  if (!span) return std::nullopt;
  return as_value(span->count());
}

// Instants of streams that another instance reads would be old.
value while_read(const stream_summary& one, value what) { return is_read_here(one.state) ? what : std::nullopt; }

value instant(const std::optional<utc_time>& at) {
  if (!at) return std::nullopt;
  return unix_seconds(at);
}

struct stream_family {
  const char* name;
  const char* help;
  value (*of)(const stream_summary&);
};

constexpr stream_family gauges[] = {
    {"openelectricity_stream_last_success_timestamp_seconds",
     "When a cycle of the stream last ended well, in Unix seconds; 0: not yet.",
     [](const stream_summary& one) -> value { return unix_seconds(one.last_success); }},
    {"openelectricity_stream_last_commit_timestamp_seconds",
     "When records of the stream were last committed, in Unix seconds; 0: not yet.",
     [](const stream_summary& one) -> value { return unix_seconds(one.last_commit); }},
    {"openelectricity_stream_newest_interval_timestamp_seconds",
     "Instant of the newest published label of the stream's slowest metric, in Unix seconds.",
     [](const stream_summary& one) {
       return while_read(one, instant(one.slowest != nullptr ? one.slowest->newest_at : std::nullopt));
     }},
    {"openelectricity_stream_newest_interval_lag_seconds", "Its age now, in seconds.",
     [](const stream_summary& one) { return while_read(one, one.lag ? value(as_value(*one.lag)) : std::nullopt); }},
    {"openelectricity_stream_expected_lag_seconds", "So old it is while all is well, in seconds.",
     [](const stream_summary& one) { return while_read(one, as_value(one.expected_lag)); }},
    {"openelectricity_stream_late_after_seconds", "Older than this it is late, in seconds.",
     [](const stream_summary& one) { return while_read(one, as_value(one.late_after)); }},
    {"openelectricity_stream_next_poll_timestamp_seconds", "When the stream is asked for next, in Unix seconds.",
     [](const stream_summary& one) { return while_read(one, instant(one.next_poll)); }},
    {"openelectricity_stream_trigger_wanted_seconds", "The stream's trigger as configured, in seconds.",
     [](const stream_summary& one) { return as_value(one.trigger); }},
    {"openelectricity_stream_trigger_granted_seconds",
     "The stream's trigger as credits and arrivals allow it now, in seconds.",
     [](const stream_summary& one) { return as_value(one.granted ? one.granted : one.trigger); }},
    {"openelectricity_stream_open_gaps", "Ranges without data that are still asked for.",
     [](const stream_summary& one) -> value { return as_value(one.open_gaps); }},
    {"openelectricity_stream_given_up_gaps", "Ranges without data that are too old to be asked for again.",
     [](const stream_summary& one) -> value { return as_value(one.given_up_gaps); }},
    {"openelectricity_stream_ledger_points", "Published points that answers are compared with.",
     [](const stream_summary& one) -> value { return as_value(one.ledger_points); }},
    {"openelectricity_stream_ledger_bytes", "Memory of the points that answers are compared with.",
     [](const stream_summary& one) -> value { return as_value(one.ledger_bytes); }},
};

constexpr stream_family counters[] = {
    {"openelectricity_stream_records_committed_total", "Records committed to Kafka (delivered, with at_least_once).",
     [](const stream_summary& one) -> value { return as_value(one.records); }},
    {"openelectricity_stream_records_revised_total", "Of these: of a label published before, with another value.",
     [](const stream_summary& one) -> value { return as_value(one.revised); }},
    {"openelectricity_stream_points_unchanged_total", "Points read again whose value is the published one.",
     [](const stream_summary& one) -> value { return as_value(one.unchanged); }},
    {"openelectricity_stream_points_null_total", "Points passed over, being null and never published.",
     [](const stream_summary& one) -> value { return as_value(one.nulls); }},
};

void add_info(metric_families& out, const std::vector<stream_summary>& streams) {
  out.gauge("openelectricity_stream_info", "Always 1; its labels say what the stream is.");
  for (const auto& one : streams) {
    std::set<std::string> told;
    for (const auto* member : one.members) {
      if (!told.insert(member->dataset).second) continue;
      out.add(1, {{"stream", one.name},
                  {"group", member->group},
                  {"network", member->network},
                  {"dataset", member->dataset},
                  {"interval", member->interval}});
    }
  }
}

void add_states(metric_families& out, const std::vector<stream_summary>& streams) {
  out.gauge("openelectricity_stream_state", "1 for the state that the stream is in, 0 for each other.");
  for (const auto& one : streams) {
    for (const auto state : all_stream_states()) {
      out.add(one.state == state ? 1 : 0, {{"stream", one.name}, {"state", std::string(name(state))}});
    }
  }
}

void add_skipped(metric_families& out, const std::vector<stream_summary>& streams) {
  out.counter("openelectricity_stream_points_skipped_total",
              "Points of answers that are not believed and left out, by reason; each time they come.");
  for (const auto& one : streams) {
    for (const auto* reason : {"before_window", "after_window", "ahead", "off_grid", "unasked", "conflicting"}) {
      const auto known = one.points_skipped.find(reason);
      out.add(known == one.points_skipped.end() ? 0 : as_value(known->second),
              {{"stream", one.name}, {"reason", reason}});
    }
  }
}

void add_apart(metric_families& out, const std::vector<stream_summary>& streams) {
  out.gauge("openelectricity_stream_apart", "1 while the stream is set apart for this reason, else 0.");
  for (const auto& one : streams) {
    out.add(one.topic_refused ? 1 : 0, {{"stream", one.name}, {"reason", "topic_refused"}});
    out.add(one.ended_process ? 1 : 0, {{"stream", one.name}, {"reason", "ended_process"}});
  }
}

void add_values(metric_families& out, const stream_family& family, const std::vector<stream_summary>& streams) {
  for (const auto& one : streams) {
    if (const auto now = family.of(one)) out.add(*now, {{"stream", one.name}});
  }
}

}  // namespace

void add_stream_families(metric_families& out, const daemon_status& status) {
  const auto streams = summaries(status);
  add_info(out, streams);
  add_states(out, streams);
  for (const auto& family : gauges) {
    out.gauge(family.name, family.help);
    add_values(out, family, streams);
  }
  for (const auto& family : counters) {
    out.counter(family.name, family.help);
    add_values(out, family, streams);
  }
  add_skipped(out, streams);
  add_apart(out, streams);
}

}  // namespace oes
