// E1: a cancelled wait is not a success, and what was handed in outlives whoever handed it in.
#include <doctest/doctest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "async/race.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

namespace asio = boost::asio;

submission one_record(int number) {
  submission work;
  work.batch.topics = {"topic"};
  work.batch.bytes = "key" + std::to_string(number) + "value";
  work.batch.records.push_back({.offset = 0, .value_size = 5, .key_size = 4, .topic = 0, .tombstone = false});
  member_patch patch;
  patch.position = at("2026-11-23T10:00:00") + std::chrono::minutes(5 * number);
  work.changes.emplace_back(power, std::move(patch));
  return work;
}

asio::awaitable<void> commit_and_keep(committer& to, int number, std::optional<result<void>>& into) {
  auto fate = co_await to.commit(one_record(number));
  into = std::move(fate);
}

asio::awaitable<void> until(event& given_up, asio::awaitable<void> work) {
  auto giving_up = given_up.wait();
  auto racing = race(std::move(work), std::move(giving_up));
  auto first = co_await std::move(racing);
  static_cast<void>(first);
}

struct cancelling : poll_fixture {
  // `count` are handed in, then all who handed in are cancelled, and only then the committer begins.
  asio::awaitable<bool> drive(walk_parts& w, int count) {
    event given_up(loop.get_executor());
    task_group callers(loop.get_executor(), no_failure_expected());
    task_group background(loop.get_executor(), no_failure_expected());
    fates.resize(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      callers.start("caller",
                    until(given_up, commit_and_keep(w.write.committer, i, fates[static_cast<std::size_t>(i)])));
    }
    for (int turn = 0; turn < 10; ++turn) co_await asio::post(loop, asio::use_awaitable);
    given_up.set();
    co_await callers.join();
    background.start("committer", w.write.committer.run());
    for (int turn = 0; turn < 10; ++turn) co_await asio::post(loop, asio::use_awaitable);
    w.write.committer.close();
    co_await background.join();
    co_return true;
  }
  // A cycle is cancelled while its chunk waits for the committer.
  asio::awaitable<bool> drive_cycle(walk_parts& w) {
    const auto group = make_groups({nem_stream()}).front();
    auto members = new_members({group}, {kafka.state.members, kafka.ledger, clock.now(),
                                         w.by.budget.credits.certain_history(w.by.limits), std::nullopt});
    const auto claimed = co_await w.write.committer.claim(std::move(members));
    auto opened = open_group(group, {kafka.state.members, kafka.ledger, clock.now(),
                                     w.by.budget.credits.certain_history(w.by.limits), std::nullopt});
    polling.emplace(group, std::move(opened.value()), w.by, w.read, w.write);
    event given_up(loop.get_executor());
    task_group callers(loop.get_executor(), no_failure_expected());
    task_group background(loop.get_executor(), no_failure_expected());
    callers.start("cycle", until(given_up, cycle()));
    for (int turn = 0; turn < 50; ++turn) co_await asio::post(loop, asio::use_awaitable);
    given_up.set();
    for (int turn = 0; turn < 50; ++turn) co_await asio::post(loop, asio::use_awaitable);
    still_running = callers.running();
    background.start("committer", w.write.committer.run());
    co_await callers.join();
    w.write.committer.close();
    co_await background.join();
    co_return claimed.has_value();
  }
  asio::awaitable<void> cycle() {
    auto ended = co_await polling->cycle(turn::live);
    outcome = std::move(ended);
  }

  std::vector<std::optional<result<void>>> fates;
  std::optional<cycle_outcome> outcome;
  std::optional<poll_loop> polling;
  std::size_t still_running = 0;
};

}  // namespace

TEST_CASE("E1: a commit whose wait is cancelled is no success, though Kafka takes it later") {
  cancelling f;
  f.in_term<bool>([&](walk_parts& w) { return f.drive(w, 1); });
  REQUIRE(f.fates[0].has_value());
  REQUIRE_FALSE(f.fates[0]->has_value());
  CHECK(f.fates[0]->error().code == errc::stopped);
  CHECK(f.kafka.records.size() == 1);
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:00:00"));
}

TEST_CASE("E1: cancelled before it found room in the queue it is no success either, and never committed") {
  cancelling f;
  f.in_term<bool>([&](walk_parts& w) { return f.drive(w, 3); });
  for (const auto& fate : f.fates) {
    REQUIRE(fate.has_value());
    CHECK_FALSE(fate->has_value());
  }
  CHECK(f.kafka.records.size() == 2);
}

TEST_CASE("E1: a cycle that is cancelled while its chunk is under way waits for it, and takes nothing for committed") {
  cancelling f;
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.in_term<bool>([&](walk_parts& w) { return f.drive_cycle(w); });
  CHECK(f.still_running == 1);
  CHECK(f.polling->state().members.front().position == at("2026-11-23T10:00:00"));
  CHECK((!f.outcome || f.outcome->end != cycle_end::published));
  CHECK(f.kafka.records.size() == 2);
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:10:00"));
}
