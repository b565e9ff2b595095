// Memory of a world: one OS thread asks for it, most of it is small, and the process ends with the world. A twelfth of
// a world's time went into the C library's ways of sharing memory between threads that are not there.
#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>

#if !defined(__SANITIZE_ADDRESS__)

namespace {

constexpr std::size_t step = 16;
constexpr std::size_t largest = 1024;
constexpr std::size_t chunk_bytes = 256UL * 1024;

struct alignas(step) block {
  std::size_t steps;  ///< 0: the C library's
  block* next;
};

// Behind the count, at an address that suits any type.
constexpr std::size_t head = step;

struct supply {
  std::array<block*, largest / step + 1> free{};
  std::byte* rest = nullptr;
  std::size_t left = 0;
};

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): operator new is handed nothing
constinit supply all;

void* take(std::size_t size) {
  const auto steps = (size + step - 1) / step;
  if (steps > largest / step) {
    auto* made = static_cast<block*>(std::malloc(size + head));
    if (made == nullptr) throw std::bad_alloc();
    made->steps = 0;
    return reinterpret_cast<std::byte*>(made) + head;
  }
  auto*& first = all.free[steps];
  if (auto* found = first; found != nullptr) {
    first = found->next;
    return reinterpret_cast<std::byte*>(found) + head;
  }
  const auto bytes = head + (steps == 0 ? step : steps * step);
  if (all.left < bytes) {
    all.rest = static_cast<std::byte*>(std::malloc(chunk_bytes));
    if (all.rest == nullptr) throw std::bad_alloc();
    all.left = chunk_bytes;
  }
  auto* made = reinterpret_cast<block*>(all.rest);
  all.rest += bytes;
  all.left -= bytes;
  made->steps = steps == 0 ? 1 : steps;
  return reinterpret_cast<std::byte*>(made) + head;
}

void give_back(void* what) {
  if (what == nullptr) return;
  auto* one = reinterpret_cast<block*>(static_cast<std::byte*>(what) - head);
  if (one->steps == 0) return std::free(one);
  one->next = all.free[one->steps];
  all.free[one->steps] = one;
}

}  // namespace

void* operator new(std::size_t size) { return take(size); }
void* operator new[](std::size_t size) { return take(size); }
void operator delete(void* what) noexcept { give_back(what); }
void operator delete[](void* what) noexcept { give_back(what); }
void operator delete(void* what, std::size_t /*size*/) noexcept { give_back(what); }
void operator delete[](void* what, std::size_t /*size*/) noexcept { give_back(what); }

#endif
