#pragma once
// What the daemon says of itself: plain values, written by pipeline/ and app/, read by the HTTP endpoint. Loop thread
// only.
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/time.hpp"

namespace oes {

enum class stream_state {
  starting,
  live,
  catching_up,
  waiting,   ///< nothing new at the API ("not yet")
  retrying,  ///< API or Kafka away, backing off
  limit_reached,
  bad_key,
  stopped_by_api,  ///< 400/422, or labels that cannot be true: the reason is in last_error
  identity_changed,
  set_apart,  ///< Kafka refuses its topic, or it ended the process time and again; the others go on
};

enum class health_level { ok, degraded, failing };

/// `degraded` and so on.
std::string_view name(health_level level);

/// Something that is wrong, or that somebody waits for, beside the streams' own states.
struct trouble {
  health_level level = health_level::degraded;
  std::string what;
  std::optional<utc_time> since;
  std::string then;  ///< when it goes on, or what to do
};

/// `catching_up` and so on: the word in JSON and logs.
std::string_view name(stream_state s);

/// One (stream, metric).
struct member_status {
  std::string stream;
  std::string network;
  std::string metric;
  std::string interval;
  std::string topic;
  stream_state state = stream_state::starting;
  std::string last_error;                              ///< empty: none since the last success
  std::optional<utc_time> trouble_since;               ///< set while `state` is one of trouble
  std::optional<utc_time> goes_on;                     ///< when the next try comes
  std::optional<std::string> newest;                   ///< label of the newest published interval, with offset
  std::optional<utc_time> newest_at;                   ///< the same as an instant, for lag
  std::int64_t records = 0;                            ///< published since start
  std::int64_t nulls = 0;                              ///< null points seen first as null and not published
  std::int64_t open_gaps = 0;                          ///< ranges without data that are still asked for
  std::int64_t given_up_gaps = 0;                      ///< too old to be asked for again
  std::map<std::string, std::int64_t> points_skipped;  ///< by reason: left out, since their label cannot be true
  std::optional<utc_time> last_commit;
  std::optional<std::chrono::seconds> polled_every;  ///< its trigger, stretched where credits are scarce
  std::optional<std::chrono::seconds>
      expected_lag;  ///< so old `newest_at` is while all is well; nullopt: none is expected
  std::optional<std::chrono::seconds> late_after;  ///< older than that it is late
};

/// While the API as a whole is away, or refuses the key.
struct api_outage_status {
  std::string why;
  utc_time since;
  utc_time next_probe;
  std::int64_t failures = 0;  ///< requests that failed since
};

/// The configuration that runs, and the file that it came from.
struct config_status {
  std::string file;                     ///< empty: there is none
  std::optional<utc_time> reloaded_at;  ///< when a reload was last asked for
  bool refused = false;                 ///< that one: the configuration from before goes on
  std::string outcome;                  ///< what changed, or why it was refused; one line
  /// How the file differs from what runs, in one line; empty: it does not.
  std::string differs;
};

/// The backfill that runs beside the streams.
struct backfill_status {
  std::string stream;
  std::string from;  ///< as the operator gave them
  std::string to;
  std::int64_t chunks_done = 0;
  std::int64_t chunks = 0;
  std::int64_t records = 0;
  std::int64_t requests = 0;
  std::string waits_for;  ///< empty: under way
  std::string until;      ///< when it goes on
};

struct daemon_status {
  std::string version;
  std::string deployment;
  std::string instance;
  std::string role = "starting";            ///< starting, standby, leading, stopping
  std::map<std::string, trouble> troubles;  ///< by subject; telemetry/health judges them
  utc_time started_at{};
  utc_time now{};  ///< shown time (a test clock may run faster)
  std::int64_t sequence = 0;
  std::int64_t transactions = 0;
  std::int64_t records = 0;
  std::string plan;
  std::int64_t requests = 0;
  std::int64_t credits_used_today = 0;
  std::optional<std::int64_t> credits_per_day;
  std::optional<std::int64_t> credits_left;   ///< of credits_per_day
  std::optional<utc_time> credits_resume_at;  ///< where none is left: when polls go on
  double stretch = 1;                         ///< by which triggers are stretched to make the day's credits last
  std::optional<double> clock_skew_seconds;   ///< the API's clock less the host's; nullopt: no answer told the time
  std::string clock = "unknown";              ///< unknown, agrees, followed (the API's time is gone by), refused
  std::optional<api_outage_status> api_outage;
  std::string api_url;
  std::string kafka_servers;
  std::map<std::pair<std::string, std::string>, member_status> members;  ///< by (stream, metric)
  std::optional<backfill_status> backfill;
  config_status config;
  std::deque<std::string> recent;  ///< the newest few published records, one line each, for the live view; at most 20
};

/// What is wrong with `subject` from `now` on; where it was before, since then.
void note_trouble(daemon_status& status, const std::string& subject, trouble what, utc_time now);
void clear_trouble(daemon_status& status, const std::string& subject);

/// Age of the newest published interval at `now`; nullopt before the first one. Negative where a label names a period's
/// end that is still to come.
std::optional<std::int64_t> lag_seconds(const member_status& member, utc_time now);

/// The status as JSON, one line: what /status.json serves and `status --json` prints. Field names are stable; times are
/// RFC 3339 in UTC with milliseconds; what is not known yet is null. Fields, in this order:
///   version deployment instance role ready(bool) not_ready_because("" when ready)
///   health: {level("ok" "degraded" "failing") reasons: [{level what since(or null) then}]}
///   started_at now sequence transactions records plan requests credits_used_today credits_per_day(or null)
///   credits_left(or null) credits_resume_at(or null) stretch clock_skew_seconds(or null) clock api_url kafka_servers
///   streams: [{stream network metric interval topic state last_error("" when none) newest(or null) newest_at(or null)
///             lag_seconds(or null) goes_on(or null) records nulls open_gaps given_up_gaps last_commit(or null)
///             polled_every_seconds(or null) expected_lag_seconds(or null) points_skipped: {reason: number}}]
///   api_outage: null or {why since next_probe failures}
///   backfill: null or {stream from to chunks_done chunks records requests waits_for("" when under way) until}
///   config: {file("" when none) reloaded_at(or null) refused(bool) outcome differs("" when it does not)}
///   recent: [string], in the order of daemon_status::recent
std::string to_json(const daemon_status& status);

}  // namespace oes
