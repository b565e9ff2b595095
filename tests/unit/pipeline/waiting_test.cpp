// What wakes a group that waits for credits.
#include <doctest/doctest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

struct seen_requests {
  std::size_t without_credits = 0;
  std::size_t after_me = 0;
  std::size_t after_nothing_new = 0;
};

// Lets everything run that can.
boost::asio::awaitable<void> settle(boost::asio::io_context& loop) {
  for (int i = 0; i < 500; ++i) co_await boost::asio::post(loop, boost::asio::use_awaitable);
}

boost::asio::awaitable<seen_requests> wait_for_credits(poll_fixture& f, walk_parts& w) {
  w.by.budget.when_eased([&eased = w.eased] {
    eased.set();
    eased.clear();
  });
  w.by.budget.credits.adopt(limits_of("COMMUNITY"));
  while (w.by.budget.spend(spend_on::live, f.clock.look()).leave_in) {
  }
  task_group background(f.loop.get_executor(), no_failure_expected());
  const auto group = make_groups({nem_stream()}).front();
  const opening standing{f.kafka.state.members, f.kafka.ledger, f.clock.now(),
                         w.by.budget.credits.certain_history(w.by.limits), std::nullopt};
  auto members = new_members({group}, standing);
  auto claimed = co_await w.write.committer.claim(std::move(members));
  REQUIRE(claimed.has_value());
  background.start("committer", w.write.committer.run());
  auto state = open_group(group, {f.kafka.state.members, f.kafka.ledger, f.clock.now(),
                                  w.by.budget.credits.certain_history(w.by.limits), std::nullopt});
  task_group groups(f.loop.get_executor(), no_failure_expected());
  poll_loop polling(group, std::move(*state), w.by, w.read, w.write);
  groups.start("nem", polling.run());
  seen_requests seen;
  co_await settle(f.loop);
  seen.without_credits = f.from.asked().size();
  account better;
  better.plan = "PRO";
  better.credits_remaining = 4500;
  w.by.budget.hear(better, limits_of("PRO"), f.clock.now());
  co_await settle(f.loop);
  seen.after_me = f.from.asked().size();
  w.by.budget.hear(better, limits_of("PRO"), f.clock.now());
  co_await settle(f.loop);
  seen.after_nothing_new = f.from.asked().size();
  w.by.tap.set();
  co_await groups.join();
  w.write.committer.close();
  co_await background.join();
  w.by.budget.when_eased({});
  co_return seen;
}

}  // namespace

TEST_CASE("a group that waits for the credit day asks at once when /me tells of more credits, and only then") {
  poll_fixture f("2026-11-24T09:31:00");
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto seen = f.in_term<seen_requests>([&](walk_parts& w) { return wait_for_credits(f, w); });
  CHECK(seen.without_credits == 0);
  CHECK(seen.after_me == 1);
  CHECK(seen.after_nothing_new == 1);
  CHECK(f.kafka.records.size() == 1);
}
