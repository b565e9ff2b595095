#include "app/background_work.hpp"

#include "app/published_before.hpp"
#include "async/race.hpp"
#include "backfill/gap_retry.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> pass_over_gaps(background_context& context, const poll_context& by, reader& read, writer& write) {
  label_places places;
  gap_context bench{context.groups,
                    by,
                    read,
                    write,
                    [&context] { return !context.requests.background(); },
                    [&context, &by, &write, &places](const request_group& group, std::vector<member_labels> asked) {
                      return read_published(topic_access_of(context.config, context.log), by.tap, group,
                                            std::move(asked), write.committer.snapshot(), places);
                    }};
  co_await retry_gaps(bench);
}

}  // namespace

asio::awaitable<void> run_background_work(background_context context, const poll_context& by, reader& read,
                                          writer& write) {
  const double scatter = by.uniform();
  const auto next_pass = [&by, scatter] {
    const auto at = by.clock.look();
    return at.run + (next_gap_pass(at.now, by.schedule, scatter) - at.now);
  };
  auto gaps_due = next_pass();
  while (!by.tap.is_set()) {
    if (context.requests.background()) {
      co_await do_backfill(context, by, read, write);
      continue;
    }
    if (by.clock.run() >= gaps_due) {
      co_await pass_over_gaps(context, by, read, write);
      // Interrupted by a backfill: after it the rest is asked for.
      if (!context.requests.background()) gaps_due = next_pass();
      continue;
    }
    auto coming = context.requests.side_arrival();
    auto closing = by.tap.wait_for(by.clock.real(gaps_due - by.clock.run()));
    auto racing = race(std::move(coming), std::move(closing));
    auto first = co_await std::move(racing);
    static_cast<void>(first);
  }
}

asio::awaitable<void> run_one_backfill(background_context context, const poll_context& by, reader& read,
                                       writer& write) {
  if (!by.tap.is_set() && context.requests.background()) co_await do_backfill(context, by, read, write);
}

}  // namespace oes
