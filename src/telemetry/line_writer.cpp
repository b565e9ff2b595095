#include "telemetry/line_writer.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string_view>

#include "async/own_thread.hpp"

namespace oes {
namespace {

static_assert(line_writer::pipe_piece == PIPE_BUF);
// How soon the thread notices that nobody waits for a stuck reader any longer.
constexpr int look_ms = 100;

enum class written { yes, not_yet, never };

// Some of the text, without waiting for longer than `look_ms`.
written write_some(int fd, std::string_view& text, std::size_t piece) {
  pollfd ready{fd, POLLOUT, 0};
  const int found = poll(&ready, 1, look_ms);
  if (found == 0 || (found < 0 && errno == EINTR)) return written::not_yet;
  if (found < 0 || (ready.revents & POLLOUT) == 0) return written::never;
  const auto count = write(fd, text.data(), std::min(text.size(), piece));
  if (count < 0) return errno == EAGAIN || errno == EINTR ? written::not_yet : written::never;
  text.remove_prefix(static_cast<std::size_t>(count));
  return written::yes;
}

}  // namespace

struct line_writer::shared {
  const int fd;
  const descriptor_owner whose;
  const bounds most;
  const describe_dropped tell;
  std::mutex mutex;
  std::condition_variable arrived;
  std::condition_variable settled;
  std::deque<std::string> waiting;
  std::size_t bytes = 0;
  std::size_t put = 0;   // lines ever taken in
  std::size_t done = 0;  // of them written or dropped
  std::size_t dropped = 0;
  std::size_t told = 0;  // of the dropped
  bool closing = false;
  bool given_up = false;

  shared(int to, descriptor_owner owner, bounds limits, describe_dropped describe)
      : fd(to), whose(owner), most(limits), tell(std::move(describe)) {}
  shared(const shared&) = delete;
  shared& operator=(const shared&) = delete;
  ~shared() {
    if (whose == descriptor_owner::writer) close(fd);
  }

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      arrived.wait(lock, [this] { return closing || !waiting.empty(); });
      if (waiting.empty() || given_up) return;
      auto next = std::move(waiting.front());
      waiting.pop_front();
      bytes -= next.size();
      const auto missing = dropped - told;
      lock.unlock();
      // The gap is told where it is: before the first line that gets through again.
      const bool through = (missing == 0 || deliver(tell(missing) + "\n")) && deliver(next);
      lock.lock();
      if (through) {
        told += missing;
      } else {
        ++dropped;
      }
      ++done;
      settled.notify_all();
    }
  }

  bool deliver(std::string_view line) {
    while (!line.empty()) {
      const auto how = write_some(fd, line, most.piece);
      if (how == written::never) return false;
      if (how == written::yes) continue;
      const std::lock_guard lock(mutex);
      if (given_up) return false;
    }
    return true;
  }
};

line_writer::line_writer(int fd, bounds most, std::chrono::milliseconds goodbye, describe_dropped tell,
                         descriptor_owner whose)
    : shared_(std::make_shared<shared>(fd, whose, most, std::move(tell))), goodbye_(goodbye) {
  // Not joined: a write to a dead disk or terminal may never return, and nobody may wait for it.
  start_own_thread("the log's writer", [own = shared_] { own->run(); });
}

line_writer::~line_writer() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->closing = true;
  }
  shared_->arrived.notify_all();
  flush(goodbye_);
  const std::lock_guard lock(shared_->mutex);
  shared_->given_up = true;
}

void line_writer::put(std::string line) {
  line.push_back('\n');
  {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->waiting.size() >= shared_->most.lines || shared_->bytes + line.size() > shared_->most.bytes) {
      ++shared_->dropped;
      return;
    }
    shared_->bytes += line.size();
    ++shared_->put;
    shared_->waiting.push_back(std::move(line));
  }
  shared_->arrived.notify_all();
}

void line_writer::flush(std::chrono::milliseconds at_most) const {
  std::unique_lock lock(shared_->mutex);
  const auto until = shared_->put;
  shared_->settled.wait_for(lock, at_most, [&] { return shared_->done >= until; });
}

std::size_t line_writer::dropped() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->dropped;
}

}  // namespace oes
