#include "reader/release_heap.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace oes {

void release_heap(std::size_t answer_bytes) {
  // Cycles at the live edge bring some tens of kilobytes: not worth the milliseconds.
  constexpr std::size_t large = 4UL * 1024 * 1024;
  if (answer_bytes < large) return;
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace oes
