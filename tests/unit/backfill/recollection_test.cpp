// What was read of some members is not taken for what was published of others, nor for what came behind it.
#include "backfill/recollection.hpp"

#include <doctest/doctest.h>

#include "support/run_on_loop.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

time_range clock_range(const char* from, const char* to) {
  const auto on = [](const char* clock) { return at(std::string("2026-11-23T") + clock + ":00"); };
  return {on(from), on(to)};
}

range_set only(time_range range) {
  range_set out;
  out.add(range);
  return out;
}

request_group group_of_two() {
  stream_spec stream;
  stream.name = "nem";
  stream.metrics = {"power", "energy"};
  stream.topic = "t";
  return make_groups({stream}).front();
}

/// Members that want these labels, in one window from ten to eleven.
backfill_chunk chunk_of(const request_group& group, std::vector<std::size_t> members,
                        const std::vector<time_range>& wanted) {
  backfill_chunk out{group, {}, clock_range("10:00", "11:00")};
  for (const auto& range : wanted) out.work.wanted.push_back(only(range));
  out.work.members = std::move(members);
  out.work.windows = {out.window};
  return out;
}

boost::asio::awaitable<result<published_before>> nothing_there(const request_group& of,
                                                               std::vector<member_labels> asked) {
  published_before out{{}, {}};
  for (std::size_t i = 0; i < asked.size(); ++i) out.known.emplace_back(of.identity.interval);
  co_return out;
}

}  // namespace

TEST_CASE("one member's recollection is not another's, though both are one") {
  const auto group = group_of_two();
  const auto hour = clock_range("10:00", "11:00");
  boost::asio::io_context loop;
  recollection past;
  const auto first = chunk_of(group, {0}, {hour});
  REQUIRE(run_on_loop(loop, past.read(first, nothing_there)).has_value());
  CHECK(past.holds(first));
  CHECK_FALSE(past.holds(chunk_of(group, {1}, {hour})));
  CHECK_FALSE(past.holds(chunk_of(group, {0, 1}, {hour, hour})));
}

TEST_CASE("a member that wants more than it did is not held, though another wanted as much when it was read") {
  const auto group = group_of_two();
  const auto hour = clock_range("10:00", "11:00");
  boost::asio::io_context loop;
  recollection past;
  const auto read = chunk_of(group, {0, 1}, {clock_range("10:00", "10:30"), hour});
  REQUIRE(run_on_loop(loop, past.read(read, nothing_there)).has_value());
  CHECK(past.holds(read));
  CHECK(past.holds(chunk_of(group, {0, 1}, {clock_range("10:10", "10:25"), clock_range("10:20", "10:40")})));
  CHECK_FALSE(past.holds(chunk_of(group, {0, 1}, {clock_range("10:00", "10:45"), hour})));
}

TEST_CASE("where memory ended a chunk is held up to there, and only what is wanted was asked for") {
  const auto group = group_of_two();
  const auto hour = clock_range("10:00", "11:00");
  boost::asio::io_context loop;
  recollection past;
  auto chunk = chunk_of(group, {0}, {hour});
  chunk.work.wanted[0].remove(clock_range("10:20", "10:40"));
  std::vector<member_labels> heard;
  const recall_published half =
      [&heard](const request_group& of,
               std::vector<member_labels> asked) -> boost::asio::awaitable<result<published_before>> {
    heard = asked;
    auto out = co_await nothing_there(of, std::move(asked));
    out->until = at("2026-11-23T10:15:00");
    co_return out;
  };
  REQUIRE(run_on_loop(loop, past.read(chunk, half)).has_value());
  CHECK(heard[0].labels == chunk.work.wanted[0]);
  CHECK_FALSE(past.holds(chunk));
  CHECK(past.serves(chunk));
  chunk.window.end = past.until();
  CHECK(past.holds(chunk));
  CHECK_FALSE(past.serves(chunk_of(group, {1}, {hour})));
}

TEST_CASE("once memory has ended no more is asked for than is likely to fit") {
  const auto group = group_of_two();
  boost::asio::io_context loop;
  recollection past;
  auto chunk = chunk_of(group, {0}, {clock_range("10:00", "20:00")});
  auto fits = std::chrono::minutes(60);
  network_time asked_until{};
  const recall_published reader =
      [&](const request_group& of,
          std::vector<member_labels> asked) -> boost::asio::awaitable<result<published_before>> {
    const auto range = asked[0].labels.ranges().front();
    asked_until = range.end;
    auto out = co_await nothing_there(of, std::move(asked));
    if (range.end - range.begin > fits) out->until = range.begin + fits;
    co_return out;
  };
  const auto read_from = [&](const char* clock) {
    chunk.window = clock_range(clock, "20:00");
    REQUIRE(run_on_loop(loop, past.read(chunk, reader)).has_value());
    CHECK(past.serves(chunk));
    return std::pair(asked_until, past.until());
  };
  const auto on = [](const char* clock) { return clock_range(clock, "20:00").begin; };
  CHECK(read_from("10:00") == std::pair(on("20:00"), on("11:00")));
  CHECK(read_from("11:00") == std::pair(on("12:15"), on("12:00")));
  fits = std::chrono::minutes(600);
  CHECK(read_from("12:00") == std::pair(on("13:15"), on("13:15")));
  CHECK(read_from("13:15") == std::pair(on("14:45"), on("14:45")));
  fits = std::chrono::minutes(5);
  CHECK(read_from("14:45") == std::pair(on("16:35"), on("14:50")));
  CHECK(read_from("14:50") == std::pair(on("14:55"), on("14:55")));
}
