#include "app/hangup.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "async/race.hpp"

namespace oes {

namespace asio = boost::asio;

asio::awaitable<void> reload_on_hangup(config_reload& config, event& finished) {
  asio::signal_set signals(co_await asio::this_coro::executor, SIGHUP);
  while (true) {
    auto arrives = signals.async_wait(asio::as_tuple(asio::use_awaitable));
    auto over = finished.wait();
    auto racing = race(std::move(arrives), std::move(over));
    auto first = co_await std::move(racing);
    if (first.index() == 1) break;
    job asked;
    asked.kind = job_kind::reload;
    asked.command = "SIGHUP";
    asked.reason = "the configuration was reloaded";
    auto reloading = config.reload_after_others(std::move(asked));
    auto ending = finished.wait();
    auto either = race(std::move(reloading), std::move(ending));
    auto which = co_await std::move(either);
    if (which.index() == 1) break;  // else the log has it
  }
  signals.clear();  // Asio puts the default action back, which ends the process
  std::signal(SIGHUP, SIG_IGN);
}

}  // namespace oes
