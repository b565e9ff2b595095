#pragma once
// Files are written on a thread of their own: a disk that stalls does not hold up the loop, nor for long what goes to
// Kafka. One write at a time, in order; of several that wait the newest alone is made, since it says all that the
// others would.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "model/error.hpp"

namespace oes {

class disk_worker {
 public:
  using job = std::function<result<void>()>;

  /// Told how the newest write ended, whenever that was, when nothing is left to be written: on the disk's thread, so
  /// it must not block. Not called any more once this object is gone.
  using listener = std::function<void(const result<void>& written)>;

  explicit disk_worker(listener told = {});
  /// What waits is dropped; what is under way is left to itself.
  ~disk_worker();
  disk_worker(const disk_worker&) = delete;
  disk_worker& operator=(const disk_worker&) = delete;

  /// How the job ended. io_error where the disk has not taken it in time, or still has one of before: it is made as
  /// soon as the disk goes on, unless a newer one comes first. `work` owns what it uses.
  boost::asio::awaitable<result<void>> write(job work, std::chrono::milliseconds patience);
  /// The same for who cannot await: blocks for no longer than that.
  result<void> write_and_block(job work, std::chrono::milliseconds at_most);
  /// For who does not wait, and whose job says itself how it ended.
  void begin(job work);
  /// Blocks until nothing is left to be written, and no longer than that. false: something is.
  bool finish(std::chrono::milliseconds at_most);

 private:
  struct desk;

  result<void> start(job work);

  /// Shared with the thread, which may outlive this object.
  std::shared_ptr<desk> desk_;
};

}  // namespace oes
