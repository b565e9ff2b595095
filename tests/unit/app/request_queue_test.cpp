#include "app/request_queue.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/exit_code.hpp"
#include "async/task_group.hpp"
#include "support/failures.hpp"
#include "support/run_on_loop.hpp"

using namespace oes;
using namespace oes::test;
namespace asio = boost::asio;

namespace {

job seek(const std::string& stream, job_step step = job_step::perform) {
  job asked;
  asked.kind = job_kind::seek;
  asked.step = step;
  asked.stream = stream;
  return asked;
}

asio::awaitable<void> session(request_queue& requests, job asked, std::vector<std::string>& told) {
  const auto loop = co_await asio::this_coro::executor;
  auto wire = std::make_shared<job_wire>(loop);
  auto answer = co_await requests.hand_in(std::move(asked), std::move(wire));
  told.push_back(answer.text);
}

// What a term does with whatever waits.
void serve(request_queue& requests, std::vector<std::string>& done) {
  while (auto one = requests.next()) {
    done.push_back(one->what.stream);
    one->answer.text = "done " + one->what.stream;
    one->done.set();
  }
}

struct bed {
  asio::io_context loop{1};
  request_queue requests{loop.get_executor()};
  std::shared_ptr<job_wire> wire = std::make_shared<job_wire>(loop.get_executor());
  std::vector<std::string> told;
  std::vector<std::string> done;
};

}  // namespace

TEST_CASE("jobs are done in the order in which they came, each session told its own") {
  bed b;
  b.requests.open([](const job&) { return job_answer{}; });
  const auto story = [&]() -> asio::awaitable<bool> {
    task_group sessions(b.loop.get_executor(), no_failure_expected());
    sessions.start("session", session(b.requests, seek("a"), b.told));
    sessions.start("session", session(b.requests, seek("b"), b.told));
    co_await b.requests.arrival();
    serve(b.requests, b.done);
    sessions.start("session", session(b.requests, seek("c"), b.told));
    co_await b.requests.arrival();
    serve(b.requests, b.done);
    co_await sessions.join();
    co_return true;
  };
  run_on_loop(b.loop, story());
  CHECK(b.done == std::vector<std::string>{"a", "b", "c"});
  CHECK(b.told == std::vector<std::string>{"done a", "done b", "done c"});
}

TEST_CASE("what changes nothing is answered at once, with the groups at work") {
  bed b;
  b.requests.open([](const job& asked) { return job_answer{exit_ok, "plan of " + asked.stream, false, {}, {}}; });
  const auto story = [&]() -> asio::awaitable<job_answer> {
    job asked = seek("a", job_step::plan);
    auto answer = co_await b.requests.hand_in(std::move(asked), b.wire);
    co_return answer;
  };
  CHECK(run_on_loop(b.loop, story()).text == "plan of a");
  CHECK_FALSE(b.requests.next());
}

TEST_CASE("when the term ends, who waits is told that nothing was changed; who comes later too") {
  bed b;
  b.requests.open([](const job&) { return job_answer{}; });
  const auto story = [&]() -> asio::awaitable<job_answer> {
    task_group sessions(b.loop.get_executor(), no_failure_expected());
    sessions.start("session", session(b.requests, seek("a"), b.told));
    co_await b.requests.arrival();
    b.requests.close();
    co_await sessions.join();
    job asked = seek("b");
    auto answer = co_await b.requests.hand_in(std::move(asked), b.wire);
    co_return answer;
  };
  const auto late = run_on_loop(b.loop, story());
  CHECK(late.exit == exit_locked);
  REQUIRE(b.told.size() == 1);
  CHECK(b.told[0].find("nothing was changed") != std::string::npos);
  CHECK_FALSE(b.requests.is_open());
}

TEST_CASE("one backfill at a time stands beside the groups, and waits for the next walk where one ends") {
  bed b;
  b.requests.open([](const job&) { return job_answer{}; });
  const auto story = [&]() -> asio::awaitable<bool> {
    job asked = seek("a");
    asked.kind = job_kind::backfill;
    task_group sessions(b.loop.get_executor(), no_failure_expected());
    sessions.start("session", session(b.requests, asked, b.told));
    co_await b.requests.side_arrival();
    CHECK_FALSE(b.requests.next());  // the groups need not stop for it
    sessions.start("session", session(b.requests, asked, b.told));
    while (b.told.empty()) co_await asio::post(b.loop, asio::use_awaitable);
    CHECK(b.told[0].find("one at a time") != std::string::npos);
    b.requests.finish_background({exit_ok, "done a", false, {}, {}});
    co_await sessions.join();
    CHECK_FALSE(b.requests.background());
    task_group later(b.loop.get_executor(), no_failure_expected());
    later.start("session", session(b.requests, asked, b.told));
    co_await b.requests.side_arrival();
    b.requests.close();
    co_await later.join();
    co_return true;
  };
  run_on_loop(b.loop, story());
  REQUIRE(b.told.size() == 3);
  CHECK(b.told[1] == "done a");
  CHECK(b.told[2].find("goes on where it stopped") != std::string::npos);
}
