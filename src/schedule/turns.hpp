#pragma once
// Whose turn it is in a request group: its live edge's, or that of members far behind it. Each has its own time and its
// own failures, so that neither waits for the other for longer than a request takes. Pure.
#include <algorithm>
#include <chrono>

#include "model/moment.hpp"

namespace oes {

enum class turn {
  live,    ///< members near the live edge, at their trigger
  behind,  ///< those far behind it, in between
};

/// Whether the other turn may be taken where those whose turn it is have nothing to ask for.
enum class other_turn {
  is_due,
  rests,  ///< it waits for its own time: what failed is not asked for again before
};

/// How a turn ended.
struct turn_end {
  turn wanted = turn::live;
  turn taken = turn::live;             ///< the other one where nobody was there, or nothing could be asked for
  bool others_wait = false;            ///< there are members of the turn that was not taken
  bool wants_the_budget = false;       ///< no credit was to be had, or the API is away: told when that is over
  std::chrono::microseconds pause{0};  ///< until the turn that was taken comes again
  std::chrono::microseconds live{0};   ///< until the live edge is due
};

class turns {
 public:
  /// The live edge is due at once.
  explicit turns(run_time now) : live_{now}, behind_{never} {}

  /// Whoever is due first; the live edge where both are.
  [[nodiscard]] turn next() const { return behind_.due < live_.due ? turn::behind : turn::live; }
  [[nodiscard]] other_turn other(run_time now) const {
    const auto& waits = next() == turn::live ? behind_ : live_;
    return waits.due <= now || waits.due == never ? other_turn::is_due : other_turn::rests;
  }
  [[nodiscard]] run_time due() const { return std::min(live_.due, behind_.due); }
  void ended(const turn_end& how, run_time now);
  /// More may be asked than was known: who waits for that is due now, the live edge in `live` at the latest.
  void eased(run_time now, std::chrono::microseconds live);
  /// The live edge is due now, whatever it waited for.
  void at_once(run_time now) { live_ = {now}; }

 private:
  static constexpr run_time never = run_time::max();
  struct lane {
    run_time due;
    bool wants_the_budget = false;
  };
  lane live_;
  lane behind_;
};

}  // namespace oes
