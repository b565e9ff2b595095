#include "app/terms.hpp"

#include <random>

#include "app/fresh_permit.hpp"
#include "app/learn_limits.hpp"
#include "app/notify.hpp"
#include "schedule/backoff.hpp"

namespace oes {

namespace asio = boost::asio;

asio::awaitable<exit_code> run_terms(parts& all, request_queue& requests, config_reload& config, run_mode mode,
                                     found_progress file) {
  rationing budget = make_rationing(account_access_of(all));
  auto learning = learn_limits(account_access_of(all), budget, all.state.stop);
  const auto limits = co_await std::move(learning);
  term_context context{all, requests, std::move(file), limits, budget, mode};
  context.reload = &config;
  context.asked_as = running_account(account_access_of(all));
  context.fresh_allowed = has_fresh_permit(all.config.progress_path);
  config.serves(context);
  backoff retry({std::chrono::seconds(1), std::chrono::seconds(30)});
  while (!all.state.stop.is_set()) {
    auto ended = co_await run_term(context);
    co_await all.kafka.publisher->resign();
    if (ended) {
      retry.reset();
      if (mode == run_mode::once && all.state.stop.is_set()) break;
      if (mode == run_mode::once) co_return ended->failed_groups == 0 ? exit_ok : exit_failure;
      if (all.state.stop.is_set()) break;
      // Even without standby: only lead() knows whether another instance has taken over or Kafka was merely away.
      all.telling.log.info("asking for leadership again");
      continue;
    }
    const auto& why = ended.error();
    if (why.code == errc::stopped) break;
    if (exit_code_for(why.code) == exit_config || (why.code == errc::fenced && !all.config.publish.standby)) {
      all.telling.log.error(why.context);
      co_return exit_code_for(why.code);
    }
    all.telling.report.kafka(&why);
    notify_ready_once(all.state.ready);
    const auto pause = retry.next(std::uniform_real_distribution<double>(0.0, 1.0)(all.random));
    all.state.standing_by = true;  // a configuration that mends it may come meanwhile
    co_await all.state.stop.wait_for(pause);
    all.state.standing_by = false;
  }
  co_return when_stopped(mode);
}

}  // namespace oes
