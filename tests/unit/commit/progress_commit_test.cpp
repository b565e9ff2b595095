// An operator's change through the committer.
#include "commit/progress_commit.hpp"

#include <doctest/doctest.h>

#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

member_progress member_at(std::string_view position) {
  member_progress m;
  m.identity = "network|NEM|5m|total||long";
  m.start = at("2026-11-23T10:00:00");
  m.position = at(position);
  m.ledger_from = m.start;
  m.labels.cover({m.start, m.position});
  return m;
}

struct edit_bed {
  edit_bed() {
    kafka.state.sequence = 7;
    kafka.state.last_version = 1000;
    kafka.state.generation = 2;
    kafka.state.claim_owner = "before";
    kafka.state.members[power] = member_at("2026-11-23T11:00:00");
    kafka.ledger[power].rows[at("2026-11-23T10:55:00")] = {{7, 0, 0}};
    settings.log_level = "error";
  }

  // Back to half past ten, with versions from an import.
  [[nodiscard]] progress_commit back() const {
    progress_commit change{{kafka.state, {}}, kafka.ledger, {"why", "me", "here", "seek", {}}};
    change.wanted.state.members[power] = member_at("2026-11-23T10:30:00");
    change.wanted.state.last_version = 5000;
    return change;
  }

  enum class first { claim, later };
  result<void> run(first when) {
    logger log(settings);
    fake_publisher publisher(kafka);
    fake_progress_store store(kafka);
    committer to({"me", "here", {}, 2, std::chrono::milliseconds(1)}, {kafka.state, {}}, -1, publisher, store,
                 loop.get_executor(), log, [](auto, auto, auto) {});
    const auto change = back();
    const auto story = [&]() -> boost::asio::awaitable<result<void>> {
      if (when == first::claim) {
        auto claimed = co_await to.claim_edited(change);
        co_return claimed;
      }
      auto done = co_await to.commit_edit(change);
      co_return done;
    };
    auto fate = run_on_loop(loop, story());
    last_version = to.versions().last();
    return fate;
  }

  boost::asio::io_context loop{1};
  fake_kafka kafka;
  telemetry_settings settings;
  std::int64_t last_version = 0;
};

}  // namespace

TEST_CASE("an operator's change is one transaction: members, ledger and reason, under the next sequence") {
  edit_bed b;
  REQUIRE(b.run(edit_bed::first::later).has_value());
  CHECK(b.kafka.transactions.size() == 1);
  CHECK(b.kafka.state.sequence == 8);
  CHECK(b.kafka.state.claim_owner == "before");
  CHECK(b.kafka.state.members.at(power).position == at("2026-11-23T10:30:00"));
  CHECK(b.kafka.ledger.empty());
  CHECK(b.kafka.state.last_version == 5000);
  CHECK(b.last_version == 5000);  // what comes next is newer than what was imported
  CHECK(b.kafka.mirrored.back().state == b.kafka.state);
}

TEST_CASE("done alone, the change and the claim are one transaction: no state in between can be met") {
  edit_bed b;
  REQUIRE(b.run(edit_bed::first::claim).has_value());
  CHECK(b.kafka.transactions.size() == 1);
  CHECK(b.kafka.state.claim_owner == "me");
  CHECK(b.kafka.state.generation == 3);
  CHECK(b.kafka.state.members.at(power).position == at("2026-11-23T10:30:00"));
}

TEST_CASE("a change whose answer was lost is looked up, not repeated; one that was dropped is known not to be done") {
  edit_bed lost;
  lost.kafka.fates = {fate::commit_but_lose_the_answer};
  REQUIRE(lost.run(edit_bed::first::claim).has_value());
  CHECK(lost.kafka.transactions.size() == 1);
  edit_bed dropped;
  dropped.kafka.fates = {fate::drop};
  CHECK(dropped.run(edit_bed::first::later).error().code == errc::not_committed);
  CHECK(dropped.kafka.state.sequence == 7);
}
