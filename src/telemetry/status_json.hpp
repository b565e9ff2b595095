#pragma once
// The status as JSON: for HTTP and the command line.
#include <string>

#include "telemetry/status_board.hpp"

namespace oes {

/// The status as JSON, one line: what /status.json serves and `status --json` prints. Field names are stable; times are
/// RFC 3339 in UTC with milliseconds; what is not known yet is null. Fields, in this order:
///   version deployment instance role leader("" where it is not known) ready(bool) not_ready_because("" when ready)
///   health: {level("ok" "degraded" "failing") reasons: [{level what since(or null) then}]}
///   started_at now sequence transactions records plan requests credits_used_today credits_per_day(or null)
///   credits_left(or null) credits_resume_at(or null) stretch clock_skew_seconds(or null) clock api_url kafka_servers
///   streams: [{stream network metric interval topic state last_error("" when none) newest(or null) newest_at(or null)
///             lag_seconds(or null) goes_on(or null) records nulls open_gaps given_up_gaps last_commit(or null)
///             polled_every_seconds(or null) expected_lag_seconds(or null) points_skipped: {reason: number} group
///             dataset revised unchanged trigger_seconds(or null) late_after_seconds(or null) last_success(or null)}]
///   kafka: {brokers brokers_up queued_records queued_bytes round_trip_seconds told_at(or null) last_commit(or null)
///           producers_replaced: {reason: number}}
///   api_outage: null or {why since next_probe failures}
///   backfill: null or {stream from to chunks_done chunks records requests waits_for("" when under way) until}
///   config: {file("" when none) reloaded_at(or null) refused(bool) outcome differs("" when it does not) taken(number)
///   refusals(number)
///            taken_at(or null)}
///   events: [{at kind("trouble" "recovery" "takeover" "reload" "note") text}], the newest first
///   recent: [string], in the order of daemon_status::recent
std::string to_json(const daemon_status& status);

}  // namespace oes
