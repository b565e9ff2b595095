// E1: a throwing branch ends the race, losers are awaited, nothing is dropped.
#include "async/race.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "async/event.hpp"
#include "support/run_on_loop.hpp"

namespace {

namespace asio = boost::asio;
using oes::event;
using oes::race;

struct race_story {
  asio::io_context loop{1};
  event never{loop.get_executor()};
  std::vector<std::string> told;
};

asio::awaitable<int> wait_then_tell(race_story& s, std::string who) {
  const bool set = co_await s.never.wait();
  s.told.push_back(who + (set ? " was woken" : " was cancelled"));
  co_return 1;
}

asio::awaitable<std::string> say(std::string what) { co_return what; }

asio::awaitable<int> fail(std::string why) {
  throw std::runtime_error(why);
  co_return 0;
}

// Fails while it is being cancelled.
asio::awaitable<int> fail_on_the_way_out(race_story& s) {
  const bool set = co_await s.never.wait();
  static_cast<void>(set);
  throw std::runtime_error("could not tidy up");
  co_return 0;
}

asio::awaitable<std::string> winner_of(race_story& s) {
  auto racing = race(wait_then_tell(s, "a"), say("hello"), wait_then_tell(s, "b"));
  auto first = co_await std::move(racing);
  s.told.push_back("over");
  co_return std::to_string(first.index()) + " " + std::get<1>(first);
}

template <class A, class B>
asio::awaitable<std::string> caught(race_story& s, asio::awaitable<A> a, asio::awaitable<B> b) {
  std::string what = "nothing";
  try {
    auto racing = race(std::move(a), std::move(b));
    auto first = co_await std::move(racing);
    what = "index " + std::to_string(first.index());
  } catch (const std::exception& thrown) {
    what = thrown.what();
  }
  s.told.push_back("over");
  co_return what;
}

asio::awaitable<void> note_when(race_story& s, std::string who) {
  const bool set = co_await s.never.wait();
  s.told.push_back(who + (set ? " was woken" : " was cancelled"));
}

asio::awaitable<void> throw_now() {
  throw std::runtime_error("one of all");
  co_return;
}

asio::awaitable<std::string> all_of(race_story& s) {
  std::vector<asio::awaitable<void>> parts;
  parts.push_back(note_when(s, "a"));
  parts.push_back(throw_now());
  std::string what = "nothing";
  try {
    auto all = oes::when_all(std::move(parts));
    co_await std::move(all);
  } catch (const std::exception& thrown) {
    what = thrown.what();
  }
  co_return what;
}

asio::awaitable<std::string> outer(race_story& s) {
  auto inner = caught(s, wait_then_tell(s, "a"), wait_then_tell(s, "b"));
  auto racing = race(say("first"), std::move(inner));
  auto first = co_await std::move(racing);
  s.told.push_back("outer over");
  co_return std::get<0>(first);
}

}  // namespace

TEST_CASE("E1: the first to complete wins; the others are cancelled and have ended when the race is over") {
  race_story s;
  CHECK(oes::test::run_on_loop(s.loop, winner_of(s)) == "1 hello");
  CHECK(s.told == std::vector<std::string>{"a was cancelled", "b was cancelled", "over"});
}

TEST_CASE("E1: a branch that throws ends the race and is rethrown once the losers have ended") {
  race_story s;
  CHECK(oes::test::run_on_loop(s.loop, caught(s, wait_then_tell(s, "a"), fail("poison"))) == "poison");
  CHECK(s.told == std::vector<std::string>{"a was cancelled", "over"});
}

TEST_CASE("E1: what a loser throws while it is cancelled is not dropped") {
  race_story s;
  CHECK(oes::test::run_on_loop(s.loop, caught(s, say("done"), fail_on_the_way_out(s))) == "could not tidy up");
}

TEST_CASE("E1: when_all rethrows the first exception once the others have ended") {
  race_story s;
  CHECK(oes::test::run_on_loop(s.loop, all_of(s)) == "one of all");
  CHECK(s.told == std::vector<std::string>{"a was cancelled"});
}

TEST_CASE("E1: a race that is cancelled from outside cancels and awaits its branches") {
  race_story s;
  CHECK(oes::test::run_on_loop(s.loop, outer(s)) == "first");
  CHECK(s.told.back() == "outer over");
  CHECK(s.told.size() >= 3);
}
