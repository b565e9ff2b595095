#include "groups/window_trouble.hpp"

#include <algorithm>

namespace oes {

bool note_trouble(window_trouble& trouble, const time_window& window, interval_size interval, network_time now,
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
  if (trouble.times < patience) return false;
  trouble.times = 0;
  if (length <= one) return true;
  trouble.smaller = std::max<std::chrono::seconds>(length / 2, one);
  return false;
}

void grow_again(window_trouble& trouble, std::chrono::seconds largest) {
  auto smaller = trouble.smaller;
  if (smaller) *smaller *= 2;
  if (smaller && *smaller >= largest) smaller.reset();
  trouble = {};
  trouble.smaller = smaller;
}

}  // namespace oes
