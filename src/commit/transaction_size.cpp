#include "commit/transaction_size.hpp"

#include <algorithm>

namespace oes {
namespace {

// Two chunks of 64 KiB: with less, what a transaction costs by itself counts for more than its bytes.
constexpr std::size_t least_bytes = 128UL * 1024;
// Twice as much would still take no longer than a quarter of the time. A quota lets one burst pass, so one is not
// enough.
constexpr int quick_part = 8;
constexpr int quick_enough = 8;

}  // namespace

bool transaction_size::took_a_part(std::size_t bytes) {
  quick_ = 0;
  const auto tried = std::min(bytes, now_.bytes);
  if (tried <= least_bytes) return false;
  now_.bytes = std::max(tried / 2, least_bytes);
  return true;
}

void transaction_size::took(std::size_t bytes, std::chrono::steady_clock::duration lasted) {
  // A chunk has half of a transaction's bytes, and seldom all of them.
  const bool is_full = bytes >= now_.bytes / 4;
  if (now_.bytes >= configured_.bytes || !is_full) return;
  quick_ = lasted * quick_part < longest_ ? quick_ + 1 : 0;
  if (quick_ < quick_enough) return;
  quick_ = 0;
  now_.bytes = std::min(now_.bytes * 2, configured_.bytes);
}

}  // namespace oes
