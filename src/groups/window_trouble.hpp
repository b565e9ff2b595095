#pragma once
// Windows that come back unusable: asked for again, then halved down to one interval (guarantee.md §5). Pure.
#include <chrono>
#include <optional>

#include "model/error.hpp"
#include "model/interval.hpp"
#include "model/request.hpp"

namespace oes {

struct window_trouble {
  std::optional<time_window> window;
  int times = 0;
  std::optional<std::chrono::seconds> smaller;  ///< cap on the window while the trouble lasts
  /// Of 1h and more: what was answered when the bucket behind it, which would show that it is whole, was left out for
  /// the trouble; nothing of it could be taken. With that bucket it is tried again.
  std::optional<time_window> unproven = {};
  /// That was unusable, as often as a window is asked for before it is halved: it is the bucket behind.
  bool proof_is_unreadable = false;
  std::optional<error> why = {};  ///< as of the last time
};

/// The same window is asked for this often before it is halved.
inline constexpr int patience_with_a_window = 3;

/// What there is to do about a window that came back unusable.
enum class after_trouble {
  halve,      ///< it is made smaller, now or after another try
  try_again,  ///< the same: there is nothing smaller
  give_up,    ///< it is down to one interval, and has failed three times
};

after_trouble count_trouble(window_trouble& trouble, const time_window& window, interval_size interval,
                            network_time now, int patience = patience_with_a_window);

/// A window was answered that lacks the bucket behind it, and nothing of it could be taken: the next one is longer
/// by that bucket at least, unless that is known to be unreadable.
void note_unproven(window_trouble& trouble, const time_window& window, interval_size interval);

/// A window was answered: the next one may be twice as long, until `largest` is reached again.
void grow_again(window_trouble& trouble, std::chrono::seconds largest);

}  // namespace oes
