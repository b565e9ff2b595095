// E1: an exception that leaves a child is told at once, not at join().
#include "async/task_group.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "async/race.hpp"
#include "support/end_of_process.hpp"
#include "support/failures.hpp"
#include "support/run_on_loop.hpp"

namespace {

namespace asio = boost::asio;
using oes::event;
using oes::task_group;

asio::awaitable<void> wait_for_it(event& it, std::vector<std::string>& told) {
  const bool set = co_await it.wait();
  told.emplace_back(set ? "sibling went on" : "sibling was cancelled");
}

asio::awaitable<void> failing_child(std::string why) {
  throw std::runtime_error(why);
  co_return;
}

struct group_story {
  asio::io_context loop{1};
  oes::test::failures seen;
  std::vector<std::string> told;
};

asio::awaitable<bool> one_child_fails(group_story& s) {
  event go(s.loop.get_executor());
  task_group group(s.loop.get_executor(), [&](std::string_view who, const std::exception_ptr& thrown) {
    s.seen.handler()(who, thrown);
    s.told.emplace_back("failure told");
    go.set();  // the sibling would otherwise wait for ever
  });
  group.start("nem", wait_for_it(go, s.told));
  group.start("wem", failing_child("poison"));
  co_await group.join();
  s.told.emplace_back("joined");
  co_return true;
}

asio::awaitable<bool> join_while_cancelled(group_story& s) {
  event go(s.loop.get_executor());
  task_group group(s.loop.get_executor(), s.seen.handler());
  group.start("nem", wait_for_it(go, s.told));
  asio::post(s.loop, [&] { asio::post(s.loop, [&] { go.set(); }); });
  co_await group.join();
  s.told.emplace_back("joined");
  co_return group.running() == 0;
}

asio::awaitable<bool> done_at_once() { co_return true; }

asio::awaitable<bool> cancelled_join(group_story& s) {
  auto racing = oes::race(done_at_once(), join_while_cancelled(s));
  auto first = co_await std::move(racing);
  co_return first.index() == 0;
}

}  // namespace

TEST_CASE("E1: a child's exception is told at once with the child's name; join awaits the siblings") {
  group_story s;
  CHECK(oes::test::run_on_loop(s.loop, one_child_fails(s)));
  CHECK(s.seen.told == std::vector<std::string>{"wem: poison"});
  CHECK(s.told == std::vector<std::string>{"failure told", "sibling went on", "joined"});
}

TEST_CASE("E1: a join that is cancelled still awaits the children") {
  group_story s;
  CHECK(oes::test::run_on_loop(s.loop, cancelled_join(s)));
  CHECK(s.told == std::vector<std::string>{"sibling went on", "joined"});
}

TEST_CASE("E1: a task group that is left while a child runs ends the process loudly") {
  const auto end = oes::test::end_of_process([] {
    asio::io_context loop(1);
    event never(loop.get_executor());
    std::vector<std::string> told;
    task_group group(loop.get_executor(), oes::test::failures().handler());
    group.start("nem", wait_for_it(never, told));
  });
  CHECK(end.code == 70);
  CHECK(end.said.find("a task group was left while its children ran") != std::string::npos);
}
