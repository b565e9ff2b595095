#pragma once
// What the daemon says of itself: plain values, written by report/ and app/, read by the HTTP endpoint. Loop thread
// only.
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/time.hpp"

namespace oes {

struct page_memory;

enum class stream_state {
  standby,  ///< another instance reads it
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

/// Every state, in the order of the enum.
std::span<const stream_state> all_stream_states();

/// What a stream is set apart for.
enum class apart_for { nothing, topic_refused, ended_process };

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
  std::string group;    ///< the stream that opened its request group
  std::string dataset;  ///< network, market, facility; facilities: the list of them
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
  std::int64_t revised = 0;                            ///< of these: published before, with another value
  std::int64_t unchanged = 0;                          ///< points read again whose value is the published one
  std::int64_t nulls = 0;                              ///< null points seen first as null and not published
  std::int64_t open_gaps = 0;                          ///< ranges without data that are still asked for
  std::int64_t given_up_gaps = 0;                      ///< too old to be asked for again
  std::map<std::string, std::int64_t> points_skipped;  ///< by reason: left out, since they are not believed
  std::int64_t ledger_points = 0;                      ///< published points that answers are compared with
  std::int64_t ledger_bytes = 0;                       ///< their memory
  apart_for apart = apart_for::nothing;
  std::optional<utc_time> last_success;  ///< the last cycle that ended well: published, or nothing new
  std::optional<utc_time> last_commit;
  std::optional<std::chrono::seconds> trigger;       ///< as configured
  std::optional<std::chrono::seconds> polled_every;  ///< its trigger, stretched where credits are scarce
  std::optional<std::chrono::seconds>
      expected_lag;  ///< so old `newest_at` is while all is well; nullopt: none is expected
  std::optional<std::chrono::seconds> late_after;  ///< older than that it is late
  std::optional<utc_time> rowless_since;  ///< never had a row, though its newest data was asked for: since then
  std::optional<std::chrono::seconds> rowless_after;  ///< where that lasts longer, it is not only late
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
  std::int64_t taken = 0;                 ///< reloads that were
  std::int64_t refusals = 0;              ///< and those that were not
  std::int64_t put_off = 0;               ///< could not be tried: Kafka or the file did not answer in time
  std::optional<utc_time> taken_at = {};  ///< the last one that was
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

/// What librdkafka says of itself and its brokers, while there is a producer: only who leads has one.
struct kafka_status {
  std::int64_t brokers = 0;                                ///< known to it
  std::int64_t brokers_up = 0;                             ///< it has a connection to; it opens one where it needs one
  std::int64_t queued_records = 0;                         ///< not yet delivered
  std::int64_t queued_bytes = 0;                           ///< theirs
  double round_trip_seconds = 0;                           ///< mean of the slowest broker, in the last window
  double round_trip_p99_seconds = 0;                       ///< and its 99th percentile
  std::optional<utc_time> told_at;                         ///< nullopt: nothing was told yet
  std::optional<utc_time> last_commit;                     ///< of a transaction of ours
  std::map<std::string, std::int64_t> producers_replaced;  ///< by reason
};

/// progress.json beside what is committed.
struct progress_file_status {
  std::optional<utc_time> written;
  std::optional<utc_time> missing_since;  ///< since when a commit is missing in it
};

/// Something that an operator would want to know a day later.
struct daemon_event {
  enum class kind { trouble, recovery, takeover, reload, note };
  utc_time at;
  kind what = kind::note;
  std::string text;
};

std::string_view name(daemon_event::kind what);

struct daemon_status {
  std::string version;
  std::string commit;
  std::string librdkafka;  ///< its version
  std::string deployment;
  std::string instance;
  std::string role = "starting";            ///< starting, standby, leading, stopping
  std::string leader;                       ///< the instance that leads, as far as is known; empty: it is not
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
  std::optional<utc_time> credits_day_ends;   ///< when the next credit day begins
  std::optional<std::int64_t> account_left;   ///< credits of the whole key, as /me told last
  double stretch = 1;                         ///< by which triggers are stretched to make the day's credits last
  std::optional<double> clock_skew_seconds;   ///< the API's clock less the host's; nullopt: no answer told the time
  std::string clock = "unknown";  ///< unknown, agrees, followed (the daemon goes by the API's time), refused
  std::optional<api_outage_status> api_outage;
  std::optional<utc_time> api_answered;  ///< the last usable answer
  bool account_not_found = false;        ///< `/me` got 404: what answers may not be the API
  std::string api_url;
  std::string kafka_servers;
  std::map<std::pair<std::string, std::string>, member_status> members;  ///< by (stream, metric)
  std::optional<backfill_status> backfill;
  config_status config;
  kafka_status kafka;
  progress_file_status progress_file;
  const page_memory* page = nullptr;  ///< what the page alone remembers, where there is a page; borrowed
  std::deque<daemon_event> events;    ///< the newest first; of a day, and at most 200
  std::deque<std::string> recent;  ///< the newest few published records, one line each, for the live view; at most 20
};

/// The status as it is now; borrowed.
using status_source = std::function<const daemon_status&()>;

/// What is wrong with `subject` from `now` on; where it was before, since then.
void note_trouble(daemon_status& status, const std::string& subject, trouble what, utc_time now);
void clear_trouble(daemon_status& status, const std::string& subject);

/// Kept for a day.
void note_event(daemon_status& status, daemon_event::kind what, std::string text, utc_time now);

/// A reload was asked for. `outcome`: what changed, or why it was refused.
enum class reload_end { taken, refused, not_now };
void note_reload(daemon_status& status, reload_end how, std::string outcome, utc_time now);

/// Age of the newest published interval at `now`; nullopt before the first one. Negative where a label names a period's
/// end that is still to come.
std::optional<std::int64_t> lag_seconds(const member_status& member, utc_time now);

/// An answer could be used since the start: published, or found to hold nothing new.
bool has_read(const daemon_status& status);

}  // namespace oes
