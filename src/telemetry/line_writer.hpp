#pragma once
// Lines on their way to a file descriptor that may be slow, stuck or gone: whoever puts one in never waits. A bounded
// queue and a thread of its own; what does not fit is dropped and counted, and the count is told when lines get through
// again.
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace oes {

class line_writer {
 public:
  /// PIPE_BUF: a pipe that poll() calls writable takes so much without blocking; the descriptor stays as it is, since
  /// others share it.
  static constexpr std::size_t pipe_piece = 4096;
  struct bounds {
    std::size_t lines = 8192;
    std::size_t bytes = std::size_t{4} << 20;
    /// Written at once at most: what a pipe takes without blocking. For a socket of messages: no limit.
    std::size_t piece = pipe_piece;
  };
  /// The line that tells how many are missing; called on the writer's thread.
  using describe_dropped = std::function<std::string(std::size_t dropped)>;

  /// Who closes the descriptor. The writer does it when nothing can be written to it any more.
  enum class descriptor_owner { caller, writer };

  /// The last lines are written within `goodbye` of the destructor's call, or given up.
  line_writer(int fd, bounds most, std::chrono::milliseconds goodbye, describe_dropped tell,
              descriptor_owner whose = descriptor_owner::caller);
  ~line_writer();
  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;

  /// A line without its newline. From any thread; waits for nothing but a short lock.
  void put(std::string line);
  /// Waits until what was put before is written or dropped, at most so long.
  void flush(std::chrono::milliseconds at_most) const;
  /// Since the start.
  [[nodiscard]] std::size_t dropped() const;

 private:
  struct shared;
  std::shared_ptr<shared> shared_;  ///< with the thread, which outlives this where a write never returns
  std::chrono::milliseconds goodbye_;
};

}  // namespace oes
