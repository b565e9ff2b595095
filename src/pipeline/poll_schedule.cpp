#include "pipeline/poll_schedule.hpp"

#include <algorithm>

namespace oes {

namespace asio = boost::asio;

poll_schedule::poll_schedule(const request_group& group, const poll_context& by, reader& read)
    : group_(group),
      by_(by),
      read_(read),
      scatter_(by.uniform()),
      live_(by.schedule, scatter_),
      behind_(by.schedule, scatter_),
      pace_(group, by.schedule, scatter_, by.budget),
      turns_(by.clock.run()) {}

asio::awaitable<std::optional<poll_schedule::cycle_begun>> poll_schedule::next_turn(run_time something_else) {
  const auto& clock = by_.clock;
  while (true) {
    const auto until = std::min(due(), something_else);
    const auto woke = co_await read_.wait(clock.real(until - clock.run()));
    const auto now = clock.run();
    if (woke == woken::eased) {
      turns_.eased(now, pace_.next(clock.look()).wait);
      continue;
    }
    if (woke == woken::stopped || something_else <= now) co_return std::nullopt;
    co_return cycle_begun{turns_.next(), now, turns_.other(now)};
  }
}

poll_schedule::next_poll poll_schedule::ended(const cycle_begun& begun, const cycle_outcome& outcome,
                                              const group_state& state) {
  const auto now = by_.clock.look();
  const auto live = pace_.after(outcome, begun.asked, state, now);
  auto& memory = outcome.of == turn::live ? live_ : behind_;
  const auto pause = next_pause(outcome, memory, {live.wait, live.between_fruitless}, by_.schedule, by_.uniform());
  turns_.ended({begun.whose, outcome.of, outcome.others_wait, wants_the_budget(outcome), pause, live.wait}, now.run);
  return {live.at_edge, live.credits, now.now + (due() - now.run)};
}

}  // namespace oes
