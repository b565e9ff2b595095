#include "simulation/machine/fiber.hpp"

#include <cxxabi.h>

#include <boost/asio/detail/call_stack.hpp>
#include <boost/asio/detail/thread_context.hpp>
#include <boost/asio/detail/thread_info_base.hpp>
#include <boost/asio/detail/tss_ptr.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>
#include <cstring>
#include <utility>

namespace oes::simulation {
namespace {

namespace detail = boost::asio::detail;
using running_loop = detail::call_stack<detail::thread_context, detail::thread_info_base>::context;

constexpr std::size_t stack_bytes = 512UL * 1024;

// One pool for all: most threads of a daemon are short.
boost::context::pooled_fixedsize_stack& stacks() {
  static boost::context::pooled_fixedsize_stack pool(stack_bytes);
  return pool;
}

// The C++ ABI keeps a pointer and a count there (Itanium C++ ABI, exception handling, 2.2.2).
void exchange(thread_notes& notes) {
  auto* exceptions = abi::__cxa_get_globals();
  std::array<std::uintptr_t, 2> others{};
  static_assert(sizeof others == sizeof notes.exceptions);
  std::memcpy(&others, exceptions, sizeof others);
  std::memcpy(static_cast<void*>(exceptions), &notes.exceptions, sizeof others);
  notes.exceptions = others;
  // Each object of this type stands for the same variable of the thread.
  detail::tss_ptr<running_loop> loops;
  auto* mine = static_cast<running_loop*>(loops);
  loops = static_cast<running_loop*>(notes.loops);
  notes.loops = mine;
}

}  // namespace

fiber::fiber(process& whose, std::string what, std::function<void()> work)
    : of(whose),
      name(std::move(what)),
      inside_(std::allocator_arg, stacks(), [this, work = std::move(work)](boost::context::fiber&& back) mutable {
        outside_ = std::move(back);
        work();
        work = nullptr;  // what it owns goes on its own stack
        over = true;
        return std::move(outside_);
      }) {}

void fiber::resume() {
  exchange(notes_);
  inside_ = std::move(inside_).resume();
  exchange(notes_);
}

void fiber::give_way() { outside_ = std::move(outside_).resume(); }

}  // namespace oes::simulation
