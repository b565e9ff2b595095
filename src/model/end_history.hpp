#pragma once
// What ended the processes before this one while they worked for a stream: of this host and, as far as Kafka tells, of
// others. Pure.
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "model/time.hpp"
#include "model/work_in_hand.hpp"

namespace oes {

struct unexpected_end {
  utc_time at{};
  work_key of;
  std::string window;  ///< what it was at work on, as window_text(); may be empty
  std::string cause;
  bool operator==(const unexpected_end&) const = default;
};

struct end_history {
  std::vector<unexpected_end> ends;   ///< by time
  std::map<work_key, utc_time> well;  ///< its work has succeeded since then: older ends count no more
  bool operator==(const end_history&) const = default;
  [[nodiscard]] bool empty() const { return ends.empty() && well.empty(); }
};

/// Ends in a row lie closer together than this; what is older is forgotten.
inline constexpr std::chrono::hours ends_are_remembered(24);
inline constexpr std::size_t most_ends_kept = 50;

/// Both together, each end once; without what is forgotten, has gone well since, or is too many.
end_history merged(const end_history& a, const end_history& b, utc_time now);

/// The ends of one kind of work, by time.
std::vector<unexpected_end> ends_of(const end_history& history, const work_key& of);

}  // namespace oes
