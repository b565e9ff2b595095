// What the committer does while Kafka is away: pauses end with the leader_session, and trouble ends with the first
// success.
#include <doctest/doctest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "async/clock.hpp"
#include "async/task_group.hpp"
#include "async/timer.hpp"
#include "commit/committer.hpp"
#include "support/failures.hpp"
#include "support/fake_kafka.hpp"
#include "support/run_on_loop.hpp"

using namespace oes;
using namespace oes::test;

namespace {

namespace asio = boost::asio;

struct waiting_bed {
  waiting_bed() {
    kafka.state.sequence = 7;
    kafka.state.generation = 2;
    kafka.state.claim_owner = "before";
    kafka.end = 72;
    kafka.lost = &lost;
  }

  // No pause comes to its end within a test.
  committer_settings settings() {
    committer_settings out{"me", "here", {}, 2, std::chrono::hours(1), std::chrono::hours(1)};
    out.look = {std::chrono::hours(1), std::chrono::hours(1)};
    out.stop = &stop;
    out.kafka = [this](const error* why) { told.push_back(why == nullptr ? "works" : why->context); };
    return out;
  }

  asio::awaitable<void> one_more(committer& to) {
    submission nothing;
    auto done = co_await to.commit(std::move(nothing));
    fate = std::move(done);
  }

  asio::awaitable<void> try_topic(committer& to) {
    auto done = co_await to.rehearse("power");
    fate = std::move(done);
    to.close();
  }

  // A claim, then `waits` happens to Kafka and a commit meets it, then `ends` happens.
  asio::awaitable<result<void>> story(committer& to, const std::function<void()>& waits,
                                      const std::function<void()>& ends) {
    std::vector<std::pair<member_key, member_progress>> members;
    auto claimed = co_await to.claim(std::move(members));
    if (!claimed) co_return claimed;
    waits();
    task_group both(loop.get_executor(), no_failure_expected());
    both.start("committer", to.run());
    both.start("one more", one_more(to));
    for (int turn = 0; turn < 200; ++turn) co_await asio::post(loop, asio::use_awaitable);
    CHECK(!fate.has_value());
    ends();
    for (int turn = 0; turn < 200; ++turn) co_await asio::post(loop, asio::use_awaitable);
    CHECK(fate.has_value());
    to.close();
    co_await both.join();
    co_return claimed;
  }

  errc end_of(const std::function<void()>& waits, const std::function<void()>& ends) {
    fake_publisher publisher(kafka);
    fake_progress_store store(kafka);
    committer to(settings(), {kafka.state, {}}, 72, publisher, store, loop.get_executor(), log,
                 [](auto, auto, auto) {});
    REQUIRE(run_on_loop(loop, story(to, waits, ends)).has_value());
    REQUIRE(fate.has_value());
    REQUIRE(fate->has_error());
    return fate->error().code;
  }

  asio::io_context loop{1};
  logger log{telemetry_settings{.log_level = "error"}};
  fake_kafka kafka;
  event lost{loop.get_executor()};
  event stop{loop.get_executor()};
  std::optional<result<void>> fate;
  std::vector<std::string> told;
};

// Its disk takes nothing more once it stalls.
class stalled_store final : public progress_store {
 public:
  explicit stalled_store(asio::io_context& loop) : goes_on_(loop.get_executor()) {}
  asio::awaitable<next_offsets> ends_of(std::vector<std::string> /*topics*/) override { co_return next_offsets(); }
  asio::awaitable<result<progress_reading>> load() override { co_return progress_reading(); }
  asio::awaitable<result<void>> mirror(progress_snapshot /*snapshot*/) override {
    if (!stalls) co_return result<void>();
    const bool went_on = co_await goes_on_.wait();
    if (went_on) co_return result<void>();
    co_return error{errc::stopped, "cancelled"};
  }
  bool finish_mirror(std::chrono::milliseconds /*at_most*/) override { return !stalls; }
  void renew(std::vector<std::pair<std::string, std::string>> /*properties*/) override {}

  bool stalls = false;

 private:
  event goes_on_;
};

// Its disk is full for the first so many writes.
class full_store final : public progress_store {
 public:
  asio::awaitable<next_offsets> ends_of(std::vector<std::string> /*topics*/) override { co_return next_offsets(); }
  asio::awaitable<result<progress_reading>> load() override { co_return progress_reading(); }
  asio::awaitable<result<void>> mirror(progress_snapshot snapshot) override {
    if (refuses-- > 0) co_return error{errc::io_error, "no space left"};
    written = snapshot.state.sequence;
    co_return result<void>();
  }
  bool finish_mirror(std::chrono::milliseconds /*at_most*/) override { return true; }
  void renew(std::vector<std::pair<std::string, std::string>> /*properties*/) override {}

  int refuses = 0;
  std::int64_t written = -1;
};

// While it tells where the data topics end, another transaction is committed.
class overtaken_store final : public progress_store {
 public:
  explicit overtaken_store(fake_kafka& kafka) : behind_(kafka) {}
  asio::awaitable<next_offsets> ends_of(std::vector<std::string> topics) override {
    submission nothing;
    auto committing = overtaken_by->commit(std::move(nothing));
    const auto done = co_await std::move(committing);
    CHECK(done.has_value());
    auto asking = behind_.ends_of(std::move(topics));
    auto ends = co_await std::move(asking);
    co_return ends;
  }
  asio::awaitable<result<progress_reading>> load() override { return behind_.load(); }
  asio::awaitable<result<void>> mirror(progress_snapshot snapshot) override {
    return behind_.mirror(std::move(snapshot));
  }
  void renew(std::vector<std::pair<std::string, std::string>> /*properties*/) override {}
  bool finish_mirror(std::chrono::milliseconds at_most) override { return behind_.finish_mirror(at_most); }

  committer* overtaken_by = nullptr;

 private:
  fake_progress_store behind_;
};

}  // namespace

TEST_CASE("a stop does not wait for a disk that stalls, and the commit is none the worse for it") {
  waiting_bed it;
  fake_publisher publisher(it.kafka);
  stalled_store store(it.loop);
  committer to(it.settings(), {it.kafka.state, {}}, 72, publisher, store, it.loop.get_executor(), it.log,
               [](auto, auto, auto) {});
  REQUIRE(run_on_loop(it.loop, it.story(
                                   to, [&] { store.stalls = true; }, [&] { it.stop.set(); }))
              .has_value());
  CHECK(it.fate->has_value());
  CHECK(to.state().sequence == it.kafka.state.sequence);
}

TEST_CASE("a file that a full disk did not take is written once the disk takes it, though nothing more is committed") {
  waiting_bed it;
  fake_publisher publisher(it.kafka);
  full_store store;
  auto settings = it.settings();
  settings.mirrored_again_after = std::chrono::milliseconds(1);
  std::vector<bool> told;
  settings.mirror = [&](const error* why) { told.push_back(why == nullptr); };
  committer to(settings, {it.kafka.state, {}}, 72, publisher, store, it.loop.get_executor(), it.log,
               [](auto, auto, auto) {});
  store.refuses = 3;
  const auto story = [&]() -> asio::awaitable<result<void>> {
    event over(it.loop.get_executor());
    task_group both(it.loop.get_executor(), no_failure_expected());
    both.start("again", to.mirror_again(over));
    std::vector<std::pair<member_key, member_progress>> members;
    auto claimed = co_await to.claim(std::move(members));
    const auto until = steady_after(std::chrono::seconds(20));
    while (store.written < 0 && steady_now() < until) {
      const bool waited = co_await pause_for(std::chrono::milliseconds(1));
      static_cast<void>(waited);
    }
    over.set();
    co_await both.join();
    co_return claimed;
  };
  REQUIRE(run_on_loop(it.loop, story()).has_value());
  CHECK(store.written == to.state().sequence);
  CHECK(told == std::vector<bool>{false, false, false, true});
}

TEST_CASE("a producer that is replaced before anything was sent costs no pause, is no trouble and nobody's fault") {
  waiting_bed it;
  it.kafka.fates = {fate::commit};  // the claim
  for (int i = 0; i < 5; ++i) it.kafka.fates.push_back(fate::replace_producer);
  fake_publisher publisher(it.kafka);
  fake_progress_store store(it.kafka);
  committer to(it.settings(), {it.kafka.state, {}}, 72, publisher, store, it.loop.get_executor(), it.log,
               [](auto, auto, auto) {});
  const auto story = [&]() -> asio::awaitable<result<void>> {
    std::vector<std::pair<member_key, member_progress>> members;
    auto claimed = co_await to.claim(std::move(members));
    if (!claimed) co_return claimed;
    it.kafka.end = 82;
    task_group both(it.loop.get_executor(), no_failure_expected());
    both.start("committer", to.run());
    co_await it.one_more(to);
    to.close();
    co_await both.join();
    co_return claimed;
  };
  REQUIRE(run_on_loop(it.loop, story()).has_value());
  REQUIRE(it.fate.has_value());
  CHECK(it.fate->has_value());
  CHECK(it.told == std::vector<std::string>{"works"});
  CHECK(it.kafka.right.producer == 6);
  CHECK(to.state().sequence == it.kafka.state.sequence);
}

TEST_CASE("an operator's claim that gets no answer and was not committed is no loss of Kafka's: nothing was changed") {
  waiting_bed it;
  it.kafka.fates = {fate::drop_and_lose_the_answer};
  auto start = it.kafka.state;
  start.sequence = 100;  // the file's, written into a Kafka that was put back
  fake_publisher publisher(it.kafka);
  fake_progress_store store(it.kafka);
  auto settings = it.settings();
  settings.look = {std::chrono::milliseconds(10), std::chrono::milliseconds(0)};
  committer to(settings, {start, {}}, 72, publisher, store, it.loop.get_executor(), it.log, [](auto, auto, auto) {});
  const progress_commit change{{start, {}}, {}, {"why", "me", "here", "reset --trust file", {}}};
  const auto claimed = run_on_loop(it.loop, to.claim_edited(change));
  REQUIRE(claimed.has_error());
  CHECK(claimed.error().code == errc::not_committed);
  CHECK_FALSE(to.contradiction().has_value());
}

TEST_CASE("what fails is handed back, not tried again, while an operator's change waits for the groups") {
  waiting_bed it;
  fake_publisher publisher(it.kafka);
  fake_progress_store store(it.kafka);
  committer to(it.settings(), {it.kafka.state, {}}, 72, publisher, store, it.loop.get_executor(), it.log,
               [](auto, auto, auto) {});
  const auto fails = [&] { it.kafka.fates = {fate::drop, fate::drop}; };
  REQUIRE(run_on_loop(it.loop, it.story(to, fails, [&] { to.hand_back_failures(); })).has_value());
  REQUIRE(it.fate->has_error());
  CHECK(it.fate->error().code == errc::stopped);
  CHECK(it.kafka.fates.size() == 1);
}

TEST_CASE("P5: a pause before the next attempt ends at once where the daemon stops") {
  waiting_bed it;
  CHECK(it.end_of([&] { it.kafka.fates = {fate::drop}; }, [&] { it.stop.set(); }) == errc::stopped);
}

TEST_CASE("P5: a pause before the next attempt ends at once where leadership is lost") {
  waiting_bed it;
  CHECK(it.end_of([&] { it.kafka.fates = {fate::drop}; }, [&] { it.lost.set(); }) == errc::fenced);
}

TEST_CASE("P5: a look at a Kafka that cannot be read ends at once with the lost leadership") {
  const auto away = [](waiting_bed& it) {
    it.kafka.right.producer = 2;
    it.kafka.loads_that_fail = 1;
  };
  waiting_bed stops;
  CHECK(stops.end_of([&] { away(stops); }, [&] { stops.stop.set(); }) == errc::stopped);
  waiting_bed loses;
  CHECK(loses.end_of([&] { away(loses); }, [&] { loses.lost.set(); }) == errc::fenced);
}

TEST_CASE("P3: data topics that end below what was committed are looked at again, too") {
  waiting_bed it;
  it.kafka.state.written = {{"power", {{0, 40}}}};
  it.kafka.ends = {{"power", {{0, 12}}}};
  CHECK(it.end_of([&] { it.kafka.right.producer = 2; }, [&] { it.stop.set(); }) == errc::stopped);
  CHECK(it.told.back().find("topic power, partition 0 ends at offset 12") != std::string::npos);
}

TEST_CASE("P10: a rehearsal that Kafka answers ends what was told of its trouble") {
  for (const bool taken : {true, false}) {
    waiting_bed it;
    if (!taken) it.kafka.refused = {"power"};
    fake_publisher publisher(it.kafka);
    fake_progress_store store(it.kafka);
    committer to(it.settings(), {it.kafka.state, {}}, 72, publisher, store, it.loop.get_executor(), it.log,
                 [](auto, auto, auto) {});
    const auto story = [&]() -> asio::awaitable<bool> {
      task_group both(it.loop.get_executor(), no_failure_expected());
      both.start("committer", to.run());
      both.start("rehearsal", it.try_topic(to));
      co_await both.join();
      co_return true;
    };
    CHECK(run_on_loop(it.loop, story()));
    CHECK(it.fate->has_value() == taken);
    CHECK(it.told == std::vector<std::string>{"works"});
  }
}

TEST_CASE("P10: a ledger that could be read ends it, too") {
  waiting_bed it;
  fake_publisher publisher(it.kafka);
  fake_progress_store store(it.kafka);
  committer to(it.settings(), {it.kafka.state, {}}, 72, publisher, store, it.loop.get_executor(), it.log,
               [](auto, auto, auto) {});
  CHECK(run_on_loop(it.loop, to.stored_ledger()).has_value());
  CHECK(it.told == std::vector<std::string>{"works"});
}

TEST_CASE("B1 transactions that are committed while the ledger is read are no loss of Kafka's, and no trouble") {
  waiting_bed it;
  it.kafka.end = 1000;
  it.kafka.ledger[{"nem", "power"}] = {};
  fake_publisher publisher(it.kafka);
  overtaken_store store(it.kafka);
  auto settings = it.settings();
  settings.look = {std::chrono::milliseconds(0), std::chrono::milliseconds(0)};
  committer to(settings, {it.kafka.state, {}}, 1000, publisher, store, it.loop.get_executor(), it.log,
               [](auto, auto, auto) {});
  store.overtaken_by = &to;
  const auto story = [&]() -> asio::awaitable<result<ledger_book>> {
    task_group beside(it.loop.get_executor(), no_failure_expected());
    beside.start("committer", to.run());
    auto found = co_await to.stored_ledger();
    to.close();
    co_await beside.join();
    co_return found;
  };
  const auto found = run_on_loop(it.loop, story());
  REQUIRE(found.has_value());
  CHECK(found->size() == 1);
  CHECK_FALSE(to.contradiction().has_value());
  CHECK(it.told == std::vector<std::string>{"works", "works"});  // the commit, and the reading
  CHECK(to.state().sequence == 8);
}
