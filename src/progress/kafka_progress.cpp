#include "progress/kafka_progress.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "async/blocking.hpp"
#include "kafka/topic_scan.hpp"
#include "progress/progress_mirror.hpp"
#include "progress/progress_reader.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// A disk that is merely slow has taken it by then.
constexpr auto disk_patience = std::chrono::seconds(2);

// What a load is made of, in steps on the blocking thread. Owned by the step, read by the coroutine when that is done.
struct reading {
  progress_settings settings;
  logger& log;
  std::unique_ptr<progress_reader> reader;
  std::optional<progress_reader::answer> found;
};

std::function<bool()> step_of(std::shared_ptr<reading> job) {
  return [job = std::move(job)] {
    if (!job->reader) job->reader = std::make_unique<progress_reader>(job->settings, job->log);
    job->found = job->reader->step();
    if (job->found) job->reader.reset();
    return job->found.has_value();
  };
}

class kafka_progress_store final : public progress_store {
 public:
  kafka_progress_store(progress_settings settings, asio::any_io_executor blocking, logger& log,
                       disk_worker::listener mirrored)
      : settings_(std::move(settings)),
        blocking_(std::move(blocking)),
        log_(log),
        mirror_(std::make_shared<progress_mirror>(settings_.folder, settings_.delivery)),
        disk_(std::move(mirrored)) {}

  asio::awaitable<result<progress_reading>> load() override {
    const auto job = std::make_shared<reading>(reading{settings_, log_, nullptr, std::nullopt});
    // The reader keeps the real deadline; this one only guards against a blocking thread that is stuck elsewhere.
    const auto patience = 2 * settings_.transaction_timeout + std::chrono::seconds(45);
    auto step = step_of(job);
    auto reading_on = run_in_steps(blocking_, std::move(step), patience);
    const auto end = co_await std::move(reading_on);
    switch (end) {
      case wait_end::done:
        co_return std::move(*job->found);
      case wait_end::cancelled:
        co_return error{errc::stopped, "reading progress was stopped"};
      case wait_end::late:
        break;
    }
    co_return error{errc::kafka_unavailable, "the thread for Kafka did not come to reading progress"};
  }

  asio::awaitable<next_offsets> ends_of(std::vector<std::string> topics) override {
    std::function<next_offsets()> work = [settings = settings_, topics = std::move(topics), &log = log_] {
      return topic_ends(settings, topics, log);
    };
    auto looking = run_blocking(blocking_, std::move(work));
    next_offsets ends = co_await std::move(looking);
    co_return ends;
  }

  void renew(std::vector<std::pair<std::string, std::string>> properties) override {
    settings_.properties = std::move(properties);
  }

  asio::awaitable<result<void>> mirror(progress_snapshot snapshot) override {
    auto work = [mirror = mirror_, snapshot = std::move(snapshot)] { return mirror->write(snapshot); };
    auto writing = disk_.write(std::move(work), disk_patience);
    auto written = co_await std::move(writing);
    co_return written;
  }

  bool finish_mirror(std::chrono::milliseconds at_most) override { return disk_.finish(at_most); }

 private:
  progress_settings settings_;
  asio::any_io_executor blocking_;
  logger& log_;
  std::shared_ptr<progress_mirror> mirror_;  ///< shared with the disk's thread; only there it is used
  disk_worker disk_;
};

}  // namespace

std::unique_ptr<progress_store> make_kafka_progress_store(progress_settings settings,
                                                          boost::asio::any_io_executor blocking, logger& log,
                                                          disk_worker::listener mirrored) {
  return std::make_unique<kafka_progress_store>(std::move(settings), std::move(blocking), log, std::move(mirrored));
}

}  // namespace oes
