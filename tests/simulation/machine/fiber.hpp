#pragma once
// A thread of a simulated process: a stack of its own that gives way by itself, never by force.
#include <array>
#include <boost/context/fiber.hpp>
#include <cstdint>
#include <functional>
#include <string>

namespace oes::simulation {

struct process;

/// What a thread would have for itself, and several stacks on one thread would share: exceptions under way, and Asio's
/// notes of which loops run on this stack.
struct thread_notes {
  std::array<std::uintptr_t, 2> exceptions{};
  void* loops = nullptr;
};

/// Never destroyed while its work is under way: that would unwind a stack whose process is dead.
class fiber {
 public:
  fiber(process& of, std::string name, std::function<void()> work);
  ~fiber() = default;
  fiber(const fiber&) = delete;
  fiber& operator=(const fiber&) = delete;

  /// From the machine: goes on until it gives way or ends.
  void resume();
  /// From inside: gives way until the next resume().
  void give_way();

  process& of;
  const std::string name;
  bool over = false;
  bool queued = false;        ///< among those that are ready
  std::uint64_t parking = 0;  ///< counts its waits, so that a deadline of an earlier one is known as such
  bool parked = false;
  bool woken = false;       ///< how the last wait ended
  fiber* joiner = nullptr;  ///< waits for its end

 private:
  boost::context::fiber inside_;
  boost::context::fiber outside_;
  thread_notes notes_;
};

}  // namespace oes::simulation
