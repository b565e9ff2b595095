#include "app/daemon.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>
#include <future>
#include <memory>
#include <tuple>

#include "app/endpoints.hpp"
#include "app/hangup.hpp"
#include "app/last_write.hpp"
#include "app/notify.hpp"
#include "app/terms.hpp"
#include "app/watch_health.hpp"
#include "async/in_own_name.hpp"
#include "async/race.hpp"
#include "async/run_loop.hpp"
#include "async/task_group.hpp"
#include "files/lock_file.hpp"
#include "model/fault_point.hpp"
#include "model/version.hpp"
#include "telemetry/health.hpp"
#include "telemetry/human_text.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// What is on its way to a broker that answers needs no more than this.
constexpr auto patience_with_kafka = std::chrono::seconds(2);
// The publisher then gives up within two and a half seconds. Where even that comes to no end (a look at the topics
// cannot be interrupted) the process just leaves, far below systemd's TimeoutStopSec and Docker's ten seconds.
constexpr auto stop_deadline = std::chrono::milliseconds(4800);
constexpr auto goodbye_deadline = std::chrono::seconds(1);
// GNU timeout and shells send one to the process and to its group: no operator is as impatient as that.
constexpr auto same_signal = std::chrono::seconds(1);

// The first signal closes the tap; a second one, or the deadline, ends the process: the next start settles what is
// open.
asio::awaitable<void> watch_signals(parts& all, asio::signal_set& signals, event& finished, exit_code when_stopped) {
  auto arrives = signals.async_wait(asio::as_tuple(asio::use_awaitable));
  auto over = finished.wait();
  auto racing = race(std::move(arrives), std::move(over));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return;
  all.telling.log.info("stopping");
  all.telling.board.role = "stopping";
  notify_stopping();
  all.state.stop.set();
  const auto asked = steady_now();
  bool is_urgent = false;
  while (!is_urgent) {
    auto again = signals.async_wait(asio::as_tuple(asio::use_awaitable));
    auto ends = finished.wait_until(asked + stop_deadline);
    auto ending = race(std::move(again), std::move(ends));
    auto second = co_await std::move(ending);
    if (finished.is_set()) co_return;
    if (second.index() == 1) break;
    is_urgent = steady_now() - asked >= same_signal;
  }
  all.telling.log.warn(is_urgent ? "second signal: leaving at once; the next start settles what is open"
                                 : "Kafka did not answer in time: leaving; the next start settles what is open");
  leave_now(all.telling.log, when_stopped);
}

// `run --once` is for scripts: where Kafka, the API or the lease never comes, it has to end too.
asio::awaitable<void> watch_movement(parts& all, event& finished, std::chrono::milliseconds patience, exit_code& code) {
  constexpr int looks = 8;
  const auto moved = [&all] {
    return std::tuple(all.telling.board.sequence, all.telling.board.records, all.telling.board.requests);
  };
  auto before = moved();
  for (int still = 0; still < looks; ++still) {
    const bool over = co_await finished.wait_for(patience / looks);
    if (over) co_return;
    if (before == moved()) continue;
    before = moved();
    still = -1;
  }
  all.telling.board.now = all.clock.now();
  const auto judged = judge_health(all.telling.board);
  const auto waited = duration_text(std::chrono::ceil<std::chrono::seconds>(patience));
  all.telling.log.error(
      "no progress for " + waited + " (--timeout): giving up",
      {{"reason", judged.reasons.empty() ? "a stream has not ended" : line_of(judged.reasons.front())}});
  code = exit_failure;
  all.state.stop.set();
  const bool ended = co_await finished.wait_for(stop_deadline);
  if (ended) co_return;
  leave_now(all.telling.log, exit_failure);
}

// With Kafka silent, what is on its way would wait for its own deadlines, and they are longer than anyone waits for a
// stop.
asio::awaitable<void> hurry_kafka(parts& all, event& finished, bool& silent) {
  auto stopping = all.state.stop.wait();
  auto over = finished.wait();
  auto racing = race(std::move(stopping), std::move(over));
  auto first = co_await std::move(racing);
  static_cast<void>(first);
  const bool ended = co_await finished.wait_for(patience_with_kafka);
  if (ended) co_return;
  silent = true;
  all.telling.log.warn("Kafka does not answer: giving up what is on its way");
  co_await all.kafka.publisher->resign();
}

// What a start decides of everything that follows.
struct daemon_start {
  run_mode mode;
  std::chrono::milliseconds patience;
  found_progress file;
  config_origin origin;
  std::shared_ptr<lock_file>& lock;
};

asio::awaitable<void> run_all(parts& all, asio::signal_set& signals, daemon_start start, exit_code& code) {
  const auto mode = start.mode;
  event finished(all.loop.get_executor());
  task_group background(all.loop.get_executor(), all.on_failure);
  background.start("signals", watch_signals(all, signals, finished, when_stopped(mode)));
  if (mode == run_mode::once) background.start("patience", watch_movement(all, finished, start.patience, code));
  bool kafka_silent = false;
  background.start("stopping", hurry_kafka(all, finished, kafka_silent));
  request_queue requests(all.loop.get_executor());
  config_reload config(all, requests, std::move(start.origin));
  if (mode == run_mode::forever) {
    background.start("HTTP endpoint", serve_status(all, config, finished));
    background.start("control socket", serve_operators(all, start.lock, requests, config, finished));
    background.start("SIGHUP", reload_on_hangup(config, finished));
    background.start("configuration file", config.watch_file(finished));
  }
  background.start("health", watch_health({all.clock, *all.kafka.producers, all.telling, all.state.ready}, finished));
  auto terms = in_own_name(all.loop.get_executor(), all.on_failure, "leadership",
                           run_terms(all, requests, config, mode, std::move(start.file)));
  const auto ended = co_await std::move(terms);
  if (code == exit_ok) code = ended;
  finished.set();
  co_await background.join();
  all.telling.log.info("stopped");
  // librdkafka's threads would wait for their last requests to time out.
  if (kafka_silent) {
    finish_files(*all.kafka.store, all.files, all.crashes, all.telling.log);
    leave_now(all.telling.log, code);
  }
}

// librdkafka waits five seconds for a silent broker's goodbye to the group, when nothing is left to be done.
void leave_a_silent_kafka(parts& all, exit_code code) {
  auto idle = std::make_shared<std::promise<void>>();
  auto done = idle->get_future();
  asio::post(all.blocking, [idle] { idle->set_value(); });
  if (done.wait_for(goodbye_deadline) != std::future_status::timeout) return;
  leave_now(all.telling.log, code);
}

}  // namespace

exit_code run_daemon(const configuration& config, config_origin origin, run_mode mode,
                     std::chrono::milliseconds patience) {
  std::signal(SIGHUP, SIG_IGN);  // until the loop listens, and where it does not
  parts all(config);
  asio::signal_set signals(all.loop, SIGTERM, SIGINT);  // from here on they are noted
  auto lock = lock_file::acquire(config.progress_path);
  if (!lock) {
    all.telling.log.error(lock.error().context);
    return exit_code_for(lock.error().code);
  }
  std::shared_ptr<lock_file> held = std::move(*lock);
  fault_point("daemon.locked");
  all.crashes.open();
  auto file = read_progress_file(config.progress_path);
  if (!file) {
    all.telling.log.error(file.error().context);
    return exit_failure;
  }
  if (!file->damage.empty()) all.telling.log.warn("progress.json is damaged", {{"reason", file->damage}});
  fault_point("daemon.file-read");
  all.telling.log.info("starting", {{"version", version()},
                                    {"commit", commit()},
                                    {"deployment", config.publish.deployment},
                                    {"streams", config.streams.size()},
                                    {"api", config.fetch.base_url},
                                    {"kafka", config.publish.bootstrap_servers},
                                    {"instance", all.instance.id}});
  exit_code code = exit_ok;
  run_to_end(all.loop, "the daemon",
             run_all(all, signals, {mode, patience, std::move(*file), std::move(origin), held}, code));
  if (!finish_files(*all.kafka.store, all.files, all.crashes, all.telling.log)) leave_now(all.telling.log, code);
  leave_a_silent_kafka(all, code);
  all.blocking.join();
  return code;
}

}  // namespace oes
