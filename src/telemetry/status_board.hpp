#pragma once
// What the daemon says of itself: plain values, written by pipeline/ and app/, read by the HTTP endpoint. Loop thread only.
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/time.hpp"

namespace oes {

enum class stream_state {
  starting,
  live,
  catching_up,
  waiting,         ///< nothing new at the API ("not yet")
  retrying,        ///< API or Kafka away, backing off
  limit_reached,
  bad_key,
  stopped_by_api,  ///< 400/422: the server's reason is in last_error
  identity_changed,
};

std::string_view name(stream_state s);

/// One (stream, metric).
struct member_status {
  std::string stream;
  std::string network;
  std::string metric;
  std::string interval;
  std::string topic;
  stream_state state = stream_state::starting;
  std::string last_error;                ///< empty: none since the last success
  std::optional<std::string> newest;     ///< label of the newest published interval, with offset
  std::optional<utc_time> newest_at;     ///< the same as an instant, for lag
  std::int64_t records = 0;              ///< published since start
  std::int64_t nulls = 0;                ///< null points seen first as null and not published
  std::int64_t open_gaps = 0;
  std::optional<utc_time> last_commit;
};

struct daemon_status {
  std::string version;
  std::string deployment;
  std::string instance;
  std::string role = "starting";  ///< starting, standby, leading, stopping
  std::string not_ready_because;  ///< empty: ready
  utc_time started_at{};
  utc_time now{};                 ///< shown time (a test clock may run faster)
  std::int64_t sequence = 0;
  std::int64_t transactions = 0;
  std::int64_t records = 0;
  std::string plan;
  std::int64_t requests = 0;
  std::int64_t credits_used_today = 0;
  std::optional<std::int64_t> credits_per_day;
  std::string api_url;
  std::string kafka_servers;
  std::map<std::pair<std::string, std::string>, member_status> members;  ///< by (stream, metric)
  std::deque<std::string> recent;  ///< the newest few published records, one line each, for the live view; at most 20
};

/// The status as JSON: what /status.json serves and `status --json` prints.
std::string to_json(const daemon_status& status);

}  // namespace oes
