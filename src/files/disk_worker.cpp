#include "files/disk_worker.hpp"

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <utility>

#include "async/blocking.hpp"
#include "async/own_thread.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

error late() { return {errc::io_error, "the disk does not take it; it is written as soon as it can be"}; }

error no_thread(const std::system_error& why) { return {errc::io_error, why.what()}; }

}  // namespace

struct disk_worker::desk {
  std::mutex mutex;
  std::condition_variable settled;
  job next;
  bool busy = false;  ///< a thread is at work
  result<void> last;
  listener told;

  // true: a thread has to be started.
  bool hand_in(job work) {
    const std::lock_guard lock(mutex);
    next = std::move(work);
    return !std::exchange(busy, true);
  }
  void rest() {
    const std::lock_guard lock(mutex);
    busy = false;
    settled.notify_all();
  }
  job leave() {
    const std::lock_guard lock(mutex);
    told = nullptr;
    return std::exchange(next, nullptr);
  }
  // Nobody may be waiting any more who could catch what a broken disk throws.
  static result<void> made(const job& work) {
    try {
      return work();
    } catch (const std::system_error& why) {
      return error{errc::io_error, why.what()};
    }
  }
  void serve() {
    std::unique_lock lock(mutex);
    while (next) {
      auto work = std::exchange(next, nullptr);
      lock.unlock();
      auto ended = made(work);
      work = nullptr;
      lock.lock();
      last = std::move(ended);
    }
    busy = false;
    if (told) told(last);
    settled.notify_all();
  }
  result<void> outcome() {
    const std::lock_guard lock(mutex);
    return last;
  }
};

disk_worker::disk_worker(listener told) : desk_(std::make_shared<desk>()) { desk_->told = std::move(told); }

disk_worker::~disk_worker() { static_cast<void>(desk_->leave()); }

asio::awaitable<result<void>> disk_worker::write(job work, std::chrono::milliseconds patience) {
  const auto own = desk_;
  if (!own->hand_in(std::move(work))) co_return late();
  std::optional<error> failed;
  try {
    auto writing = run_on_own_thread([own] { own->serve(); }, steady_after(patience));
    const auto end = co_await std::move(writing);
    if (end == wait_end::cancelled) failed = error{errc::stopped, "stopped while a file was written"};
    if (end == wait_end::late) failed = late();
  } catch (const std::system_error& why) {
    own->rest();
    failed = no_thread(why);
  }
  if (failed) co_return *failed;
  auto outcome = own->outcome();
  co_return outcome;
}

result<void> disk_worker::start(job work) {
  if (!desk_->hand_in(std::move(work))) return late();
  try {
    start_own_thread("the writing of a file", [own = desk_] { own->serve(); });
  } catch (const std::system_error& why) {
    desk_->rest();
    return no_thread(why);
  }
  return {};
}

result<void> disk_worker::write_and_block(job work, std::chrono::milliseconds at_most) {
  const auto started = start(std::move(work));
  if (!started) return started;
  if (!finish(at_most)) return late();
  return desk_->outcome();
}

void disk_worker::begin(job work) { static_cast<void>(start(std::move(work))); }

bool disk_worker::finish(std::chrono::milliseconds at_most) {
  std::unique_lock lock(desk_->mutex);
  return desk_->settled.wait_for(lock, at_most, [this] { return !desk_->busy && !desk_->next; });
}

}  // namespace oes
