#pragma once
// By how much the triggers of all request groups are stretched so that credits last. Pure.
#include <chrono>
#include <cstddef>
#include <span>

namespace oes {

/// What one request group would like.
struct poll_want {
  std::chrono::seconds wanted = std::chrono::minutes(5);  ///< its trigger
  /// Nothing new comes sooner (interval size, or arrivals in batches): a poll more would find nothing.
  std::chrono::seconds natural = std::chrono::minutes(5);
  int requests = 1;               ///< of one poll
  int priority = 0;               ///< one more: polled twice as often as the others when credits are scarce
  double more_windows_a_day = 0;  ///< that no poll has room for (model/travel_terms.hpp); they are not stretched
};

/// What a group asks for in `left` beside one window a poll.
double more_requests(const poll_want& want, std::chrono::seconds left);

/// By how much every wanted trigger is stretched so that `credits` last for `left`; 1: not at all; at most to one poll
/// in all that is left. Evenly, but for priorities. Credits of groups that cannot use theirs go to the others.
double stretch_for(std::span<const poll_want> wants, double credits, std::chrono::seconds left);

/// A group's trigger under a stretch.
std::chrono::seconds stretched(const poll_want& want, double stretch);

/// How often a group could poll if what is left over were shared out. Without credits: one poll for all that is left of
/// the day.
std::chrono::seconds affordable_for(std::span<const poll_want> wants, std::size_t group, double stretch, double credits,
                                    std::chrono::seconds left);

}  // namespace oes
