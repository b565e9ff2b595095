#include "pipeline/poll_schedule.hpp"

namespace oes {

poll_schedule::poll_schedule(const request_group& group, reader& read)
    : group_(group),
      read_(read),
      scatter_(read.uniform()),
      live_(read.schedule, scatter_),
      behind_(read.schedule, scatter_),
      pace_(group, read.schedule, scatter_, read.budget),
      turns_(read.clock.run()) {}

void poll_schedule::ended(const cycle_begun& begun, const cycle_outcome& outcome, const group_state& state) {
  const auto& clock = read_.clock;
  if (outcome.of == turn::live) {
    pace_.polled(begun.asked, outcome.end, state, clock.look());
  } else {
    pace_.stands(state, clock.now());
  }
  const auto live = pace_.next(clock.look());
  read_.report.paced(group_, pace_.at_edge(), read_.budget.outlook(clock.now()));
  auto& memory = outcome.of == turn::live ? live_ : behind_;
  const auto pause = next_pause(outcome, memory, {live, pace_.between_fruitless()}, read_.schedule, read_.uniform());
  turns_.ended({begun.whose, outcome.of, outcome.others_wait, wants_the_budget(outcome), pause, live}, clock.run());
  read_.report.wakes(group_, clock.now() + (turns_.due() - clock.run()));
}

}  // namespace oes
