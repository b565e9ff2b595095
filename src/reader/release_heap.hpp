#pragma once
// The heap between cycles: a large answer leaves tens of MiB behind that the allocator would keep for the next one.
#include <cstddef>

namespace oes {

/// To be called when a cycle has let go of an answer of this size. Large ones: what is free goes back to the system.
void release_heap(std::size_t answer_bytes);

}  // namespace oes
