// A disk that stalls holds up nobody; what it has not taken is written once it goes on, the newest alone.
#include "files/disk_worker.hpp"

#include <doctest/doctest.h>

#include <future>
#include <mutex>
#include <vector>

#include "support/run_on_loop.hpp"

using namespace oes;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// A disk that takes nothing until it is let go.
struct stalled_disk {
  disk_worker::job job(int number, const result<void>& ends = {}) {
    return [this, number, ends] {
      began.set_value_once();
      may_go.get_future_once().wait();
      const std::lock_guard lock(mutex);
      written.push_back(number);
      return ends;
    };
  }
  void go() { may_go.promise.set_value(); }
  std::vector<int> all() {
    const std::lock_guard lock(mutex);
    return written;
  }

  struct gate {
    std::promise<void> promise;
    std::shared_future<void> opened = promise.get_future().share();
    std::once_flag once;
    void set_value_once() {
      std::call_once(once, [this] { promise.set_value(); });
    }
    [[nodiscard]] std::shared_future<void> get_future_once() const { return opened; }
  };
  gate began;
  gate may_go;
  std::mutex mutex;
  std::vector<int> written;
};

result<void> write(disk_worker& worker, disk_worker::job job, milliseconds patience) {
  boost::asio::io_context loop(1);
  return test::run_on_loop(loop, worker.write(std::move(job), patience));
}

}  // namespace

TEST_CASE("P7: a write that the disk takes says how it ended") {
  disk_worker worker;
  CHECK(write(
            worker, [] { return result<void>(); }, seconds(10))
            .has_value());
  const auto failed = write(
      worker,
      [] {
        return result<void>(error{errc::io_error, "no space left"});
      },
      seconds(10));
  REQUIRE(failed.has_error());
  CHECK(failed.error().context == "no space left");
  CHECK(worker.finish(milliseconds(0)));
}

TEST_CASE("P7: a disk that stalls is told in time; when it goes on, the newest of those that waited is written") {
  stalled_disk disk;
  disk_worker worker;
  const auto first = write(worker, disk.job(1), milliseconds(0));
  REQUIRE(first.has_error());
  CHECK(first.error().code == errc::io_error);
  disk.began.opened.wait();
  for (int later = 2; later <= 4; ++later) {
    const auto waits = write(worker, disk.job(later), seconds(10));  // at once: the thread is at work on the first
    REQUIRE(waits.has_error());
    CHECK(waits.error().context == first.error().context);
  }
  CHECK_FALSE(worker.finish(milliseconds(0)));
  disk.go();
  CHECK(worker.finish(seconds(10)));
  CHECK(disk.all() == std::vector<int>{1, 4});
  CHECK(write(worker, disk.job(5), seconds(10)).has_value());
}

TEST_CASE("P7: for who cannot await it blocks no longer than it is told to") {
  stalled_disk disk;
  disk_worker worker;
  CHECK(worker.write_and_block(disk.job(1), milliseconds(0)).has_error());
  disk.began.opened.wait();  // else a newer one takes its place
  CHECK(worker.write_and_block(disk.job(2), seconds(10)).has_error());
  disk.go();
  CHECK(worker.finish(seconds(10)));
  CHECK(worker.write_and_block(disk.job(3), seconds(10)).has_value());
  CHECK(disk.all() == std::vector<int>{1, 2, 3});
}

TEST_CASE(
    "P7: its owner is gone before the disk goes on: what waited is dropped, what was under way owns what it uses") {
  auto disk = std::make_shared<stalled_disk>();
  std::promise<void> over;
  {
    disk_worker worker;
    const auto first = worker.write_and_block(
        [disk, inner = disk->job(1), &over] {
          auto ended = inner();
          over.set_value();
          return ended;
        },
        milliseconds(0));
    CHECK(first.has_error());
    disk->began.opened.wait();
    CHECK(worker.write_and_block(disk->job(2), milliseconds(0)).has_error());
  }
  disk->go();
  REQUIRE(over.get_future().wait_for(seconds(10)) == std::future_status::ready);
  CHECK(disk->all() == std::vector<int>{1});
}

TEST_CASE("a write that was called late says how it ended when the disk goes on, and the newest one speaks for all") {
  stalled_disk disk;
  std::promise<bool> told;
  disk_worker worker([&told](const result<void>& written) { told.set_value(written.has_value()); });
  CHECK(write(worker, disk.job(1), milliseconds(0)).has_error());
  disk.began.opened.wait();
  worker.begin(disk.job(2));  // nobody waits for it
  disk.go();
  CHECK(told.get_future().get());
  CHECK(worker.finish(seconds(10)));
  CHECK(disk.all() == std::vector<int>{1, 2});
}
