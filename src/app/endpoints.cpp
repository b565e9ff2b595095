#include "app/endpoints.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "app/answer_job.hpp"
#include "async/blocking.hpp"
#include "async/race.hpp"
#include "files/file_mark.hpp"
#include "operate/control_server.hpp"
#include "telemetry/http_server.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// How often a port that is taken, or a folder that takes no socket, is tried again.
constexpr auto try_again = std::chrono::seconds(5);

// A folder on a disk that stalls.
constexpr auto patience_with_the_folder = std::chrono::seconds(10);

constexpr auto lock_subject = "the lock of progress_path";

// The lock is taken anew where its file is gone. false: another process has it, which is told.
bool holds_lock(parts& all, std::shared_ptr<lock_file>& lock) {
  const auto& folder = all.config.progress_path;
  if (!lock->is_in(folder)) {
    auto again = lock_file::acquire(folder);
    if (!again) {
      const error why = again.error();
      all.telling.report.lesser(lock_subject, &why);
      return false;
    }
    lock = std::move(*again);
  }
  all.telling.report.lesser(lock_subject, nullptr);
  return true;
}

// Until lock or socket no longer lie in the folder as `socket` says, or the end.
asio::awaitable<void> until_gone(const parts& all, std::shared_ptr<lock_file> lock, const std::string& socket,
                                 event& finished) {
  while (true) {
    const bool over = co_await finished.wait_for(try_again);
    if (over) co_return;
    auto gone = std::make_shared<bool>(false);
    auto work = [gone, lock, folder = all.config.progress_path, socket] {
      *gone = !lock->is_in(folder) || mark_of_file(folder + "/control.sock") != socket;
    };
    auto looking = run_on_own_thread(std::move(work), steady_after(patience_with_the_folder));
    const auto ended = co_await std::move(looking);
    if (ended == wait_end::done && *gone) co_return;
  }
}

}  // namespace

asio::awaitable<void> serve_status(parts& all, config_reload& config, event& finished) {
  const std::string subject = "the HTTP endpoint";
  auto status = [&all]() -> const daemon_status& {
    all.telling.board.now = all.clock.now();
    return all.telling.board;
  };
  while (!finished.is_set()) {
    config.http_changed().clear();
    const auto settings = all.config.telemetry;
    if (settings.http_enabled) {
      auto serving = serve_http(settings, all.telling.numbers, status, all.telling.log,
                                [&all, subject](std::uint16_t) { all.telling.report.lesser(subject, nullptr); });
      auto changing = config.http_changed().wait();
      auto over = finished.wait();
      auto racing = race(std::move(serving), std::move(changing), std::move(over));
      auto first = co_await std::move(racing);
      if (first.index() != 0) continue;
      const auto served = std::get<0>(first);
      if (served) co_return;
      const error why = served.error();
      all.telling.report.lesser(subject, &why);
    } else {
      all.telling.report.lesser(subject, nullptr);
    }
    auto changing = config.http_changed().wait_for(try_again);
    auto over = finished.wait();
    auto racing = race(std::move(changing), std::move(over));
    auto first = co_await std::move(racing);
    static_cast<void>(first);
  }
}

asio::awaitable<void> serve_operators(parts& all, std::shared_ptr<lock_file>& lock, request_queue& requests,
                                      config_reload& config, event& finished) {
  job_handler handle =
      [desk = job_desk{all.config, all.instance, all.clock, all.telling.board, *all.kafka.store, requests, config}](
          job asked, std::shared_ptr<job_wire> wire) { return answer_job(desk, std::move(asked), std::move(wire)); };
  const std::string subject = "the control socket (no jobs can be taken)";
  std::string socket;
  auto listening = [&all, &socket, subject] {
    socket = mark_of_file(all.config.progress_path + "/control.sock");
    all.telling.report.lesser(subject, nullptr);
  };
  while (!finished.is_set()) {
    if (!holds_lock(all, lock)) {
      co_await finished.wait_for(try_again);
      continue;
    }
    auto serving = serve_jobs(all.config.progress_path, handle, all.telling.log, listening);
    auto losing = until_gone(all, lock, socket, finished);
    auto racing = race(std::move(serving), std::move(losing));
    auto first = co_await std::move(racing);
    if (finished.is_set()) co_return;
    if (first.index() == 1) {
      all.telling.log.warn("lock or control socket were taken away: they are made again",
                           {{"folder", all.config.progress_path}});
      continue;
    }
    const auto& served = std::get<0>(first);
    if (served) co_return;
    const error why = served.error();
    all.telling.report.lesser(subject, &why);
    co_await finished.wait_for(try_again);
  }
}

}  // namespace oes
