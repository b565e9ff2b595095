#include "fetch/body_text.hpp"

#include <algorithm>
#include <new>

namespace oes {
namespace {

/// Up to here a string may double as it likes.
constexpr std::size_t small = 1UL << 20U;

}  // namespace

void body_text::expect(std::size_t size) { make_room(std::min(size, cap_)); }

// Doubling a large string means, for a moment, an old copy beside a new one. One reservation up to the cap costs
// address space only: pages that are never written are never resident. Where even address space is refused, double
// after all.
void body_text::make_room(std::size_t size) {
  if (size <= text_.capacity()) return;
  try {
    text_.reserve(size);
  } catch (const std::bad_alloc&) {
    return;
  }
}

bool body_text::append(std::string_view more) {
  if (more.size() > cap_ - text_.size()) return false;
  const std::size_t needed = text_.size() + more.size();
  if (needed > small && needed > text_.capacity()) make_room(cap_);
  text_.append(more);
  return true;
}

}  // namespace oes
