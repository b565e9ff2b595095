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
constexpr auto patience = std::chrono::minutes(2);

// nullopt: it cannot be told just now.
asio::awaitable<std::optional<result<void>>> look(parts& all) {
  auto found = std::make_shared<std::optional<result<void>>>();  // with the thread, which may come to no end
  // The leader's own thread goes on with its work.
  auto work = [found, settings = all.config.publish, wanted = wanted_topics(all.config, all.groups),
               telemetry = all.config.telemetry] {
    auto as_told = telemetry;
    as_told.log_level = "error";
    logger own(as_told);  // the thread may outlive the daemon's
    *found = check_topics(settings, wanted, own);
  };
  auto looking = run_on_own_thread(std::move(work), steady_after(patience));
  const auto ended = co_await std::move(looking);
  if (ended != wait_end::done || !*found) co_return std::nullopt;
  if (!**found && (*found)->error().code == errc::kafka_unavailable) co_return std::nullopt;
  co_return std::move(*found);
}

void tell(parts& all, const result<void>& seen) {
  const bool told_before = all.board.troubles.contains("topics");
  if (seen) {
    clear_trouble(all.board, "topics");
    if (told_before) all.log.info("the settings of the topics are right again");
    return;
  }
  note_trouble(all.board, "topics", {health_level::failing, seen.error().context, {}, ""}, all.clock.now());
  if (!told_before) all.log.error("the settings of a topic were changed", {{"reason", seen.error().context}});
}

}  // namespace

asio::awaitable<void> watch_topics(parts& all, event& tap) {
  while (true) {
    auto looking = look(all);
    auto closing = tap.wait();
    auto racing = race(std::move(looking), std::move(closing));
    auto first = co_await std::move(racing);
    if (first.index() == 1) co_return;
    const auto& seen = std::get<0>(first);
    if (seen) tell(all, *seen);
    const bool closed = co_await tap.wait_for(all.clock.real(every));
    if (closed) co_return;
  }
}

}  // namespace oes
