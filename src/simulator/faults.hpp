#pragma once
// Faults on demand: a queue filled through POST /_sim/faults, and a seeded rate given at start.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/time.hpp"

namespace oes::sim {

enum class fault_kind {
  status,        ///< any status with the API's error body
  maintenance,   ///< 503 "Maintenance Mode"
  unauthorized,  ///< 401 "Authentication failed"
  ratelimit,     ///< 429 with Retry-After, as an edge proxy may send it
  html,          ///< 502 with a proxy's HTML page
  delay,         ///< the whole answer, late
  drip,          ///< the whole answer, in small pieces
  cut,           ///< the connection closes in the middle of the body
  reset,         ///< the connection closes without an answer
  badjson,       ///< complete by its length, but not JSON
  nan,           ///< a NaN among the numbers
  wrongshape,    ///< JSON, but not what the API documents
  gzip_bomb,     ///< a small gzip body that inflates to 256 MiB (only if gzip is accepted, else as badjson)
  // Lies: a whole and well-formed answer that is not true (lies.hpp).
  ahead,       ///< a point later than what was asked
  early,       ///< a point before what was asked
  off_grid,    ///< a point between two labels
  repeated,    ///< a (series, interval) comes more than once; the last one is true
  no_series,   ///< some series are not there
  no_labels,   ///< some of a series' labels are not there
  no_metric,   ///< one of the metrics is not there
  odd_label,   ///< a series more, with a control character in its labels
  huge_label,  ///< a series more, with labels of up to 2 MB
  odd_me,      ///< `/me` with numbers and shapes that nobody expects
  wrong_date,  ///< the Date header is wrong by `seconds`
  old_date     ///< as from a cache: Date is `seconds` ago, and Age says so
};

constexpr std::size_t fault_kinds = static_cast<std::size_t>(fault_kind::old_date) + 1;

std::string_view name(fault_kind kind);
std::optional<fault_kind> parse_fault_kind(std::string_view text);

struct fault {
  fault_kind kind = fault_kind::status;
  int status = 500;
  int seconds =
      2;  ///< delay: before the answer; drip: about how long it takes; ratelimit: Retry-After; lies: how far off
  std::string message;     ///< status: the error text
  std::uint64_t salt = 0;  ///< lies: draws what they are about
};

/// The answer is whole and well-formed, but not true.
bool is_lie(fault_kind kind);

/// Faults at random requests.
struct fault_rate {
  double rate = 0;
  std::vector<fault_kind> kinds;  ///< empty: all that are no lies but gzip_bomb, reset and status
};

class fault_desk {
 public:
  fault_desk(std::uint64_t seed, std::vector<fault_rate> rates);

  /// The fault for this request, if any; counts it. `now`: real time.
  std::optional<fault> next(std::string_view target, utc_time now);
  /// Adds from JSON: {"kind":…,"status":…,"seconds":…,"message":…,"count":N,"for":S,"match":"part of the target"};
  /// count -1: for ever; for: at most so many real seconds from `now` on. Returns what is wrong with it, or nothing.
  std::optional<std::string> add_json(const std::string& json, utc_time now);
  /// Removes queued faults; the rates given at start stop as well.
  void clear();
  [[nodiscard]] std::string stats_json() const;

 private:
  struct order {
    fault what;
    std::int64_t left = 1;
    std::string match;
    std::optional<utc_time> until;
  };
  [[nodiscard]] std::optional<fault> drawn(std::string_view target) const;

  std::uint64_t seed_;
  std::vector<fault_rate> rates_;
  std::uint64_t requests_ = 0;
  std::deque<order> orders_;
  std::vector<std::uint64_t> given_;
};

}  // namespace oes::sim
