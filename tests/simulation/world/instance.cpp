#include "simulation/world/instance.hpp"

#include <boost/asio/post.hpp>

#include "app/config_reload.hpp"
#include "app/last_write.hpp"
#include "app/parts.hpp"
#include "app/terms.hpp"
#include "app/watch_health.hpp"
#include "async/race.hpp"
#include "async/run_loop.hpp"
#include "async/task_group.hpp"
#include "files/local_file.hpp"

namespace oes::simulation {
namespace {

namespace asio = boost::asio;

// As the daemon has it (app/daemon.cpp).
constexpr auto patience_with_kafka = std::chrono::seconds(2);

asio::awaitable<void> hurry_kafka(parts& all, event& finished) {
  auto stopping = all.stop.wait();
  auto over = finished.wait();
  auto racing = race(std::move(stopping), std::move(over));
  auto first = co_await std::move(racing);
  static_cast<void>(first);
  const bool ended = co_await finished.wait_for(patience_with_kafka);
  if (ended) co_return;
  co_await all.to->resign();
}

asio::awaitable<void> run_all(parts& all, found_progress file, int& code) {
  event finished(all.loop.get_executor());
  task_group background(all.loop.get_executor(), all.on_failure);
  background.start("stopping", hurry_kafka(all, finished));
  background.start("health", watch_health(all, finished));
  request_queue requests(all.loop.get_executor());
  config_reload config(all, requests, {});
  auto terms = run_terms(all, requests, config, run_mode::forever, std::move(file));
  code = co_await std::move(terms);
  finished.set();
  co_await background.join();
}

}  // namespace

void run_daemon_in(daemon_handle& handle, const configuration& config, simulated_api& api) {
  {
    parts all(config);
    all.from = make_simulated_source(api, all.clock);
    handle.stop = [&all] { asio::post(all.loop, [&all] { all.stop.set(); }); };
    const auto made = make_local_folder(config.progress_path);
    auto file = read_progress_file(config.progress_path);
    if (!made || !file) {
      handle.code = exit_failure;
    } else {
      all.ends.open();
      run_to_end(all.loop, "the daemon", run_all(all, std::move(*file), handle.code));
      finish_files(all);
    }
    handle.stop = nullptr;
    all.to.reset();
    all.blocking.join();
  }
  handle.ended = true;
}

}  // namespace oes::simulation
