#include "app/watch_topics.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "app/wanted_topics.hpp"
#include "async/blocking.hpp"
#include "async/race.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto every = std::chrono::hours(1);
constexpr auto patience_with_a_look = std::chrono::minutes(2);

// nullopt: it cannot be told just now.
asio::awaitable<std::optional<result<std::string>>> look(const topic_watch& by) {
  auto found = std::make_shared<std::optional<result<std::string>>>();  // with the thread, which may come to no end
  // The leader's own thread goes on with its work.
  auto work = [found, settings = by.config.publish, wanted = wanted_topics(by.config, by.groups),
               telemetry = by.config.telemetry] {
    auto as_told = telemetry;
    as_told.log_level = "error";
    logger own(as_told);  // the thread may outlive the daemon's
    *found = recheck_topics(settings, wanted, own);
  };
  auto looking = run_on_own_thread(std::move(work), steady_after(patience_with_a_look));
  const auto ended = co_await std::move(looking);
  if (ended != wait_end::done || !*found) co_return std::nullopt;
  if (!**found && (*found)->error().code == errc::kafka_unavailable) co_return std::nullopt;
  co_return std::move(*found);
}

enum class occasion { start, later };

// What will not do fails, what is not as promised degrades; in the log, each new reason once.
void tell(const topic_watch& by, const result<std::string>& seen, occasion when) {
  const auto known = by.board.troubles.find("topics");
  const auto told = known == by.board.troubles.end() ? std::string() : known->second.what;
  const auto what = seen ? *seen : seen.error().context;
  if (what.empty()) {
    clear_trouble(by.board, "topics");
    if (!told.empty()) by.log.info("the settings of the topics are right again");
    return;
  }
  const auto level = seen ? health_level::degraded : health_level::failing;
  note_trouble(by.board, "topics", {level, what, {}, ""}, by.clock.now());
  if (what == told) return;
  if (!seen) {
    by.log.error("the settings of a topic were changed", {{"reason", what}});
  } else if (when == occasion::later) {  // prepare_topics() told it at the start
    by.log.warn("a topic is not set as it should be", {{"why", what}});
  }
}

}  // namespace

asio::awaitable<void> watch_topics(topic_watch by, event& tap) {
  for (auto when = occasion::start;; when = occasion::later) {
    auto looking = look(by);
    auto closing = tap.wait();
    auto racing = race(std::move(looking), std::move(closing));
    auto first = co_await std::move(racing);
    if (first.index() == 1) co_return;
    const auto& seen = std::get<0>(first);
    if (seen) tell(by, *seen, when);
    const bool closed = co_await tap.wait_for(by.clock.real(every));
    if (closed) co_return;
  }
}

}  // namespace oes
