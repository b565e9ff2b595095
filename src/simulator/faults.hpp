#pragma once
// Faults on demand: a queue filled through POST /_sim/faults, and a seeded rate given at start.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

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
  gzip_bomb      ///< a small gzip body that inflates to 256 MiB (only if gzip is accepted, else as badjson)
};

std::string_view name(fault_kind kind);
std::optional<fault_kind> parse_fault_kind(std::string_view text);

struct fault {
  fault_kind kind = fault_kind::status;
  int status = 500;
  int seconds = 2;      ///< delay: before the answer; drip: about how long it takes; ratelimit: Retry-After
  std::string message;  ///< status: the error text
};

class fault_desk {
 public:
  /// `kinds` empty: all but gzip_bomb, reset and status.
  fault_desk(std::uint64_t seed, double rate, std::vector<fault_kind> kinds);

  /// The fault for this request, if any; counts it.
  std::optional<fault> next(std::string_view target);
  /// Adds from JSON: {"kind":…,"status":…,"seconds":…,"message":…,"count":N,"match":"part of the target"}; count -1:
  /// for ever. Returns what is wrong with it, or nothing.
  std::optional<std::string> add_json(const std::string& json);
  /// Removes queued faults; the rate given at start stops as well.
  void clear();
  [[nodiscard]] std::string stats_json() const;

 private:
  struct order {
    fault what;
    std::int64_t left = 1;
    std::string match;
  };
  std::uint64_t seed_;
  double rate_;
  std::vector<fault_kind> kinds_;
  std::uint64_t requests_ = 0;
  std::deque<order> orders_;
  std::vector<std::uint64_t> given_;
};

}  // namespace oes::sim
