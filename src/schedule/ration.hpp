#pragma once
// Wanted triggers and a day's credits → what each request group is granted. Pure.
#include <chrono>
#include <span>

namespace oes {

/// What one request group would like.
struct poll_want {
  std::chrono::seconds wanted = std::chrono::minutes(5);  ///< its trigger
  /// Nothing new comes sooner (interval size, or arrivals in batches): a poll more would find nothing.
  std::chrono::seconds natural = std::chrono::minutes(5);
  int requests = 1;  ///< of one poll
  int priority = 0;  ///< one more: polled twice as often as the others when credits are scarce
};

/// How often one group may poll.
struct poll_pace {
  std::chrono::seconds granted = std::chrono::minutes(5);  ///< at least `wanted`
  /// What the day's credits would bear beyond `granted` if what is left over were shared out: a poll that came too
  /// early is repeated after this long.
  std::chrono::seconds affordable = std::chrono::minutes(5);
};

/// By how much every wanted trigger is stretched so that `credits` last for `left`; 1: not at all; at most to one poll
/// in all that is left. Evenly, but for priorities. Credits of groups that cannot use theirs go to the others.
double stretch_for(std::span<const poll_want> wants, double credits, std::chrono::seconds left);

/// A group's trigger under a stretch.
std::chrono::seconds stretched(const poll_want& want, double stretch);

/// Of all groups, in their order. Without credits: one poll for all that is left of the day.
std::chrono::seconds affordable_for(std::span<const poll_want> wants, std::size_t group, double stretch, double credits,
                                    std::chrono::seconds left);

}  // namespace oes
