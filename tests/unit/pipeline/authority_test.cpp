// The committer sends under the right by which its content was decided, and compares Kafka before it uses a new
// producer.
#include <doctest/doctest.h>

#include "async/task_group.hpp"
#include "commit/committer.hpp"
#include "support/failures.hpp"
#include "support/fake_kafka.hpp"
#include "support/run_on_loop.hpp"

using namespace oes;
using namespace oes::test;

namespace {

struct authority_bed {
  authority_bed() {
    kafka.state.sequence = 7;
    kafka.state.generation = 2;
    kafka.state.claim_owner = "before";
    kafka.end = 72;
  }

  committer_settings settings() const {
    committer_settings out{"me", "here", {}, 2, std::chrono::milliseconds(1)};
    out.look = {lag_patience, std::chrono::milliseconds(1)};
    return out;
  }

  /// A claim, then whatever happens to Kafka, then one commit more.
  result<void> claim_then(const std::function<void()>& happens) {
    logger log(telemetry_settings{.log_level = "error"});
    fake_publisher publisher(kafka);
    fake_progress_store store(kafka);
    committer to(settings(), {kafka.state, {}}, 72, publisher, store, loop.get_executor(), log,
                 [](auto, auto, auto) {});
    result<void> fate;
    const auto one_more = [&]() -> boost::asio::awaitable<void> {
      submission nothing;
      auto done = co_await to.commit(std::move(nothing));
      fate = std::move(done);
      to.close();
    };
    const auto story = [&]() -> boost::asio::awaitable<result<void>> {
      std::vector<std::pair<member_key, member_progress>> members;
      auto claimed = co_await to.claim(std::move(members));
      if (!claimed) co_return claimed;
      happens();
      task_group both(loop.get_executor(), no_failure_expected());
      both.start("committer", to.run());
      both.start("one more", one_more());
      co_await both.join();
      co_return fate;
    };
    auto told = run_on_loop(loop, story());
    if (to.contradiction()) contradiction = to.contradiction()->context;
    return told;
  }

  /// A claim; then a broker that lags behind tells `stale`, and after that the truth.
  result<ledger_book> ledger_after(std::deque<progress_state> stale) {
    logger log(telemetry_settings{.log_level = "error"});
    fake_publisher publisher(kafka);
    fake_progress_store store(kafka);
    committer to(settings(), {kafka.state, {}}, 72, publisher, store, loop.get_executor(), log,
                 [](auto, auto, auto) {});
    const auto story = [&]() -> boost::asio::awaitable<result<ledger_book>> {
      std::vector<std::pair<member_key, member_progress>> members;
      auto claimed = co_await to.claim(std::move(members));
      if (!claimed) co_return claimed.error();
      kafka.stale = std::move(stale);
      auto found = co_await to.stored_ledger();
      co_return found;
    };
    return run_on_loop(loop, story());
  }

  boost::asio::io_context loop{1};
  fake_kafka kafka;
  std::string contradiction;
  std::chrono::milliseconds lag_patience{0};
};

}  // namespace

TEST_CASE("B8 the claim must land where the reading ended; what follows through the same producer need not") {
  authority_bed it;
  REQUIRE(it.claim_then([] {}).has_value());
  CHECK(it.kafka.landed == std::deque<std::int64_t>{72, -1});
}

TEST_CASE("B1 a new producer: Kafka is compared first, and the next transaction must land where that reading ended") {
  authority_bed it;
  it.lag_patience = std::chrono::minutes(1);
  const auto fate = it.claim_then([&] {
    it.kafka.right.producer = 2;
    it.kafka.end = 85;
    it.kafka.stale.push_back({});  // a broker that lags behind is asked first: no verdict on Kafka
  });
  REQUIRE(fate.has_value());
  CHECK(it.kafka.landed == std::deque<std::int64_t>{72, 85});
  CHECK(it.kafka.state.sequence == 9);
}

TEST_CASE("B2 a new producer, and Kafka has lost what was committed: refused, nothing is sent, the term is over") {
  authority_bed it;
  const auto fate = it.claim_then([&] {
    it.kafka.right.producer = 2;
    it.kafka.state.sequence = 7;
    it.kafka.state.claim_owner = "before";
  });
  REQUIRE(fate.has_error());
  CHECK(fate.error().code == errc::refused);
  CHECK(it.kafka.landed.size() == 1);
  CHECK(it.contradiction.find("is ahead of Kafka") != std::string::npos);
}

TEST_CASE("B5 the lease was lost and had again: what was decided before is fenced, nothing is compared or sent") {
  authority_bed it;
  const auto fate = it.claim_then([&] { it.kafka.right.epoch = 2; });
  REQUIRE(fate.has_error());
  CHECK(fate.error().code == errc::fenced);
  CHECK(it.kafka.transactions.size() == 1);
}

TEST_CASE("B5 another instance has claimed meanwhile: fenced, not a contradiction") {
  authority_bed it;
  const auto fate = it.claim_then([&] {
    it.kafka.right.producer = 2;
    it.kafka.state.sequence = 20;
    it.kafka.state.claim_owner = "other";
  });
  REQUIRE(fate.has_error());
  CHECK(fate.error().code == errc::fenced);
  CHECK(it.contradiction.empty());
}

TEST_CASE("B8 a transaction of its own that was taken for not committed: the term is over, nothing is sent again") {
  authority_bed it;
  const auto fate = it.claim_then([&] {
    it.kafka.right.producer = 2;
    it.kafka.state.sequence = 9;
  });
  REQUIRE(fate.has_error());
  CHECK(fate.error().code == errc::fenced);
  CHECK(it.kafka.transactions.size() == 1);
  CHECK(it.contradiction.empty());
}

TEST_CASE("B8 a broker that lags behind is asked for the ledger again, until it tells what was committed") {
  authority_bed it;
  it.lag_patience = std::chrono::minutes(1);
  it.kafka.ledger[{"nem", "power"}] = {};
  it.kafka.end = 85;
  auto older = it.kafka.state;
  const auto found = it.ledger_after({older, {}});
  REQUIRE(found.has_value());
  CHECK(found->size() == 1);
  CHECK(it.kafka.stale.empty());
}

TEST_CASE("B8 a ledger of more than this process has committed is none that it may go on with") {
  authority_bed it;
  auto newer = it.kafka.state;
  newer.sequence = 20;
  const auto found = it.ledger_after({newer});
  REQUIRE(found.has_error());
  CHECK(found.error().code == errc::fenced);
}

TEST_CASE("B1 a ledger that stays behind what was committed is a loss, and refused") {
  authority_bed it;
  auto older = it.kafka.state;
  const auto found = it.ledger_after({older});
  REQUIRE(found.has_error());
  CHECK(found.error().code == errc::refused);
}
