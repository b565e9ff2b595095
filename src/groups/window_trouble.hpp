#pragma once
// Windows that come back unusable: asked for again, then halved down to one interval (guarantee.md §5). Pure.
#include <chrono>
#include <optional>

#include "model/interval.hpp"
#include "model/request.hpp"

namespace oes {

struct window_trouble {
  std::optional<time_window> window;
  int times = 0;
  std::optional<std::chrono::seconds> smaller;  ///< cap on the window while the trouble lasts
};

/// The same window is asked for this often before it is halved.
inline constexpr int patience_with_a_window = 3;

/// What there is to do about a window that came back unusable.
enum class after_trouble {
  halve,      ///< it is made smaller, now or after another try
  try_again,  ///< the same: there is nothing smaller
  give_up,    ///< it is down to one interval, and has failed three times
};

after_trouble note_trouble(window_trouble& trouble, const time_window& window, interval_size interval, network_time now,
                           int patience = patience_with_a_window);

/// A window was answered: the next one may be twice as long, until `largest` is reached again.
void grow_again(window_trouble& trouble, std::chrono::seconds largest);

}  // namespace oes
