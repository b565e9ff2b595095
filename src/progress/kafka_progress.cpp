#include "progress/kafka_progress.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "progress/progress_mirror.hpp"
#include "progress/progress_reader.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// Shared by the waiting coroutine and the slice that runs on the blocking thread: a cancelled load does not wait for
// the slice, so either may be the last to let go.
struct reading {
  reading(const asio::any_io_executor& here, const progress_settings& from, logger& to)
      : settings(from), log(to), caller(here) {}

  progress_settings settings;
  logger& log;
  asio::any_io_executor caller;
  std::unique_ptr<progress_reader> reader;  // blocking thread only
  std::atomic<bool> stop = false;
  // Caller's executor only:
  std::optional<progress_reader::answer> found;
  asio::steady_timer* waiting = nullptr;  // the coroutine's, while it waits
};

void run_slice(const asio::any_io_executor& blocking, const std::shared_ptr<reading>& job) {
  if (job->stop) {
    job->reader.reset();
    return;
  }
  if (!job->reader) job->reader = make_progress_reader(job->settings, job->log);
  auto found = job->reader->step();
  if (!found) {
    asio::post(blocking, [blocking, job] { run_slice(blocking, job); });
    return;
  }
  job->reader.reset();
  asio::post(job->caller, [job, answer = std::move(*found)]() mutable {
    job->found.emplace(std::move(answer));
    if (job->waiting != nullptr) job->waiting->cancel();
  });
}

class kafka_progress_store final : public progress_store {
 public:
  kafka_progress_store(progress_settings settings, asio::any_io_executor blocking, logger& log)
      : settings_(std::move(settings)),
        blocking_(std::move(blocking)),
        log_(log),
        mirror_(settings_.folder, settings_.delivery) {}

  asio::awaitable<result<std::optional<stored_progress>>> load() override {
    const auto here = co_await asio::this_coro::executor;
    const auto job = std::make_shared<reading>(here, settings_, log_);
    // The reader keeps the real deadline; this one only guards against a blocking thread that is stuck elsewhere.
    asio::steady_timer done(here, 2 * settings_.transaction_timeout + std::chrono::seconds(45));
    job->waiting = &done;
    asio::post(blocking_, [blocking = blocking_, job] { run_slice(blocking, job); });
    const auto [waited] = co_await done.async_wait(asio::as_tuple(asio::use_awaitable));
    job->waiting = nullptr;
    if (job->found) co_return std::move(*job->found);
    job->stop = true;
    if (waited) co_return error{errc::stopped, "reading progress was stopped", {}, 0};
    co_return error{errc::kafka_unavailable, "the thread for Kafka did not come to reading progress", {}, 0};
  }

  result<void> mirror(const progress_snapshot& snapshot) override { return mirror_.write(snapshot); }

 private:
  progress_settings settings_;
  asio::any_io_executor blocking_;
  logger& log_;
  progress_mirror mirror_;
};

}  // namespace

std::unique_ptr<progress_store> make_kafka_progress_store(progress_settings settings,
                                                          boost::asio::any_io_executor blocking, logger& log) {
  return std::make_unique<kafka_progress_store>(std::move(settings), std::move(blocking), log);
}

}  // namespace oes
