#pragma once
// Which window a request group asks for next.
#include <chrono>
#include <optional>

#include "model/interval.hpp"
#include "model/request.hpp"
#include "model/stream.hpp"
#include "model/time.hpp"

namespace oes {

/// Where a window of at most `max` from `start` on ends: the last bucket boundary in it, at least one bucket on.
network_time longest_end(network_time start, interval_size interval, std::chrono::seconds max);

/// At the live edge data may come a day late (api.md §5), and nobody looks back behind what was passed.
inline constexpr auto latest_at_edge = std::chrono::days(2);

/// How long after its end nothing comes any more there.
std::chrono::seconds settles_after(std::chrono::seconds hole_after);

struct window_question {
  interval_size interval = interval_size::m5;
  network_time from;  ///< first label wanted (the slowest member's position, or where a probe goes on)
  network_time now;   ///< wall clock in network time
  std::chrono::seconds max_window = std::chrono::days(8);  ///< plan's limit and `batch_size_hours`, whichever is less
  edge_policy edge = edge_policy::held_back;
  /// How long after its end a bucket of 1h and more is still filling up (api.md §5).
  std::chrono::seconds fills = std::chrono::minutes(20);
  bool held_back_longer = false;  ///< newer labels exist and are not wanted yet: every window ends at `now`
  network_time news_from;         ///< of 1h and more: labels before it were published already
  std::chrono::seconds settles = latest_at_edge;  ///< settles_after(): what is older needs no proof
};

/// nullopt: nothing can be there yet, so no credit is spent. Rules:
/// - 5m, held back: what reaches to now in one window is a live query, whose provisional edge the server withholds;
///   more than that is caught up in explicit windows.
/// - 5m, provisional: explicit end one step ahead of now.
/// - 1h and more: explicit, whole closed buckets only; a live query would return the open bucket unmarked (api.md §4).
/// Windows are in labels (model/interval.hpp); they begin and end on buckets, are half-open, never longer than
/// `max_window` unless one bucket already is.
std::optional<time_window> plan_window(const window_question& question);

/// The label after another has its data after it. Not so of seasons.
bool follows_in_time(interval_size interval);

/// The last bucket of a planned window is news, and so young that only data after it can show that the feed has filled
/// it (schedule/advance.hpp). Never of 5m, which the server itself withholds; nor of a season whose next label has its
/// data before it.
bool wants_proof(const window_question& question, const time_window& window);

/// The window with the label after it, for that proof; such a label is not taken, be it open or closed. As it is where
/// no proof is wanted, or where the request would be longer than `longest`: unlike `max_window` that is what cannot be.
time_window with_proof(const window_question& question, const time_window& window, std::chrono::seconds longest);

/// How long a network's buckets keep filling after their end.
std::chrono::seconds fill_time(network net);

/// The first label that a plan's history holds for certain: half a day inside it, since the server measures it by its
/// own local clock (api.md §7).
network_time oldest_in_history(interval_size interval, network_time now, std::chrono::days history);

/// Where a stream begins: `start:` resolved against now, on a bucket, not older than `history` allows.
network_time resolve_start(const stream_start& start, interval_size interval, network_time now,
                           std::optional<std::chrono::days> history);

}  // namespace oes
