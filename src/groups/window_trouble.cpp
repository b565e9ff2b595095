#include "groups/window_trouble.hpp"

#include <algorithm>

namespace oes {

after_trouble note_trouble(window_trouble& trouble, const time_window& window, interval_size interval, network_time now,
                           int patience) {
  if (trouble.window == window) {
    ++trouble.times;
  } else {
    trouble.window = window;
    trouble.times = 1;
  }
  const auto one = bucket_add(window.start, interval, 1) - window.start;
  const auto length = std::min(window.end.value_or(now), now) - window.start;
  if (length <= one) patience = patience_with_a_window;
  // A live query of the newest interval is longer than that by what is open yet.
  const bool is_smallest = length <= one || (trouble.smaller && *trouble.smaller <= one);
  const auto again = is_smallest ? after_trouble::try_again : after_trouble::halve;
  if (trouble.times < patience) return again;
  trouble.times = 0;
  if (length <= one) return after_trouble::give_up;
  trouble.smaller = std::max<std::chrono::seconds>(length / 2, one);
  return again;
}

void grow_again(window_trouble& trouble, std::chrono::seconds largest) {
  auto smaller = trouble.smaller;
  if (smaller) *smaller *= 2;
  if (smaller && *smaller >= largest) smaller.reset();
  trouble = {};
  trouble.smaller = smaller;
}

}  // namespace oes
