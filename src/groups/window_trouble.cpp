#include "groups/window_trouble.hpp"

#include <algorithm>

namespace oes {
namespace {

bool reaches_behind_unproven(const window_trouble& trouble, const time_window& window) {
  return trouble.unproven && trouble.unproven->start == window.start && *window.end > *trouble.unproven->end;
}

}  // namespace

after_trouble count_trouble(window_trouble& trouble, const time_window& window, interval_size interval,
                            network_time now, int patience) {
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
  const bool behind = reaches_behind_unproven(trouble, window);
  const bool is_smallest = length <= one || behind || (trouble.smaller && *trouble.smaller <= one);
  const auto again = is_smallest ? after_trouble::try_again : after_trouble::halve;
  if (trouble.times < patience) return again;
  trouble.times = 0;
  if (length <= one) return after_trouble::give_up;
  if (behind) {  // without that there was an answer
    const auto proof_end = bucket_add(*trouble.unproven->end, interval, 1);
    trouble.proof_is_unreadable = *window.end <= proof_end;
    trouble.smaller = (trouble.proof_is_unreadable ? *trouble.unproven->end : proof_end) - window.start;
    return again;
  }
  trouble.proof_is_unreadable = false;
  trouble.unproven.reset();
  trouble.smaller = std::max<std::chrono::seconds>(length / 2, one);
  return again;
}

void note_unproven(window_trouble& trouble, const time_window& window, interval_size interval) {
  const bool is_known = trouble.proof_is_unreadable && trouble.unproven->start == window.start;
  if (is_known) return;
  trouble.proof_is_unreadable = false;
  trouble.unproven = window;
  const auto length = *window.end - window.start;
  trouble.smaller = std::max<std::chrono::seconds>(2 * length, bucket_add(*window.end, interval, 1) - window.start);
  trouble.window.reset();
  trouble.times = 0;
}

void grow_again(window_trouble& trouble, std::chrono::seconds largest) {
  auto smaller = trouble.smaller;
  if (smaller) *smaller *= 2;
  if (smaller && *smaller >= largest) smaller.reset();
  trouble = {};
  trouble.smaller = smaller;
}

}  // namespace oes
