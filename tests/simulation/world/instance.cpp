#include "simulation/world/instance.hpp"

#include <boost/asio/post.hpp>

#include "app/answer_job.hpp"
#include "app/config_reload.hpp"
#include "app/last_write.hpp"
#include "app/parts.hpp"
#include "app/terms.hpp"
#include "app/watch_health.hpp"
#include "async/in_own_name.hpp"
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
  auto stopping = all.state.stop.wait();
  auto over = finished.wait();
  auto racing = race(std::move(stopping), std::move(over));
  auto first = co_await std::move(racing);
  static_cast<void>(first);
  const bool ended = co_await finished.wait_for(patience_with_kafka);
  if (ended) co_return;
  co_await all.kafka.publisher->resign();
}

struct operators {
  parts& all;
  request_queue& requests;
  config_reload& config;
  event& finished;
};

// As the control socket does it: nobody is answered once the daemon is through.
asio::awaitable<void> answer_operator(operators desk, job asked, std::function<void(job_answer)> told) {
  auto wire = std::make_shared<job_wire>(desk.all.loop.get_executor());
  auto answering = answer_job({desk.all.config, desk.all.instance, desk.all.clock, desk.all.telling.board,
                               *desk.all.kafka.store, desk.requests, desk.config},
                              std::move(asked), std::move(wire));
  auto over = desk.finished.wait();
  auto racing = race(std::move(answering), std::move(over));
  auto first = co_await std::move(racing);
  if (first.index() == 0) told(std::move(std::get<0>(first)));
}

asio::awaitable<void> run_all(parts& all, daemon_handle& handle, found_progress file, config_origin origin) {
  event finished(all.loop.get_executor());
  task_group background(all.loop.get_executor(), all.on_failure);
  background.start("stopping", hurry_kafka(all, finished));
  background.start("health", watch_health({all.clock, *all.kafka.producers, all.telling, all.state.ready}, finished));
  request_queue requests(all.loop.get_executor());
  config_reload config(all, requests, std::move(origin));
  handle.ask = [&](job asked, std::function<void(job_answer)> told) {
    asio::post(all.loop, [&, asked = std::move(asked), told = std::move(told)]() mutable {
      if (finished.is_set()) return;
      background.start("an operator",
                       answer_operator({all, requests, config, finished}, std::move(asked), std::move(told)));
    });
  };
  handle.judged = [&all] { return judge_health(all.telling.board); };
  auto terms = in_own_name(all.loop.get_executor(), all.on_failure, "leadership",
                           run_terms(all, requests, config, run_mode::forever, std::move(file)));
  handle.code = co_await std::move(terms);
  handle.ask = nullptr;
  handle.judged = nullptr;
  finished.set();
  co_await background.join();
}

}  // namespace

void run_daemon_in(daemon_handle& handle, const loaded_configuration& found, std::function<loaded_configuration()> load,
                   simulated_api& api) {
  {
    const auto& config = *found.config;
    parts all(config);
    all.api.source = make_simulated_source(api, all.clock);
    handle.stop = [&all] { asio::post(all.loop, [&all] { all.state.stop.set(); }); };
    const auto made = make_local_folder(config.progress_path);
    auto file = read_progress_file(config.progress_path);
    if (!made || !file) {
      handle.code = exit_failure;
    } else {
      all.crashes.open();
      run_to_end(all.loop, "the daemon",
                 run_all(all, handle, std::move(*file), {"", "", found.values, std::move(load)}));
      if (!finish_files(*all.kafka.store, all.files, all.crashes, all.telling.log))
        leave_now(all.telling.log, handle.code);
    }
    handle.stop = nullptr;
    all.kafka.publisher.reset();
    all.blocking.join();
  }
  handle.ended = true;
}

}  // namespace oes::simulation
