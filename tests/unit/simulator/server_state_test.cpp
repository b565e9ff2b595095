// Cache, served log, and the answer's clock.
#include <doctest/doctest.h>

#include "simulator/answer_cache.hpp"
#include "simulator/envelope.hpp"
#include "simulator/served_log.hpp"
#include "simulator/target.hpp"

using namespace oes::sim;

namespace {

const oes::utc_time started_at = *oes::parse_utc("2026-11-23T10:00:00Z");

cached_answer answer(std::string body, oes::utc_time expires) {
  return {std::make_shared<const std::string>(std::move(body)), nullptr, "W/1", expires, started_at};
}

}  // namespace

TEST_CASE("created_at is Sydney's time with its daylight saving") {
  CHECK(sydney_time(started_at) == "2026-11-23T21:00:00+11:00");
  CHECK(sydney_time(*oes::parse_utc("2026-07-01T00:00:00Z")) == "2026-07-01T10:00:00+10:00");
  CHECK(sydney_time(*oes::parse_utc("2026-10-03T15:59:59Z")) == "2026-10-04T01:59:59+10:00");
  CHECK(sydney_time(*oes::parse_utc("2026-10-03T16:00:00Z")) == "2026-10-04T03:00:00+11:00");
  CHECK(sydney_time(*oes::parse_utc("2026-04-04T15:59:59Z")) == "2026-04-05T02:59:59+11:00");
  CHECK(sydney_time(*oes::parse_utc("2026-04-04T16:00:00Z")) == "2026-04-05T02:00:00+10:00");
}

TEST_CASE("a cached answer lives until it expires, and the oldest makes room") {
  answer_cache cache(10);
  cache.put("a", answer("12345", started_at + std::chrono::minutes(5)));
  CHECK(cache.find("a", started_at) != nullptr);
  CHECK(cache.find("a", started_at + std::chrono::minutes(5)) == nullptr);
  cache.put("b", answer("123456", started_at + std::chrono::minutes(5)));
  CHECK(cache.find("a", started_at) == nullptr);
  CHECK(cache.find("b", started_at) != nullptr);
  cache.put("b", answer("1", started_at + std::chrono::minutes(9)));
  CHECK(*cache.find("b", started_at + std::chrono::minutes(6))->body == "1");
}

TEST_CASE("the oracle tells only what was sent whole") {
  served_log log("");
  served_answer a{.at = started_at,
                  .real = started_at,
                  .as_of = std::nullopt,
                  .request = "/a",
                  .status = 200,
                  .cache = "",
                  .fault = "",
                  .cut = false,
                  .blocks = std::make_shared<const std::string>("[]")};
  const auto first = log.write(a);
  a.cut = true;
  a.fault = "cut";
  const auto second = log.write(a);
  a.cut = false;
  const auto third = log.write(a);
  log.sent(first);
  log.sent(second);
  CHECK(log.since(0).find("\"n\":1,") != std::string::npos);
  CHECK(log.since(0).find("\"n\":2,") == std::string::npos);
  CHECK(log.since(0).find("\"n\":3,") == std::string::npos);
  log.sent(third);
  CHECK(log.since(1).starts_with("{\"n\":3,"));
}

TEST_CASE("targets are decoded and repeated keys kept in order") {
  const auto t = parse_target("/v4/data?metrics=a&metrics=b%26c&date=2026-11-22T00:00:00%2B10:00&empty=&plus=a+b");
  CHECK(t.path == "/v4/data");
  CHECK(t.all("metrics") == std::vector<std::string>{"a", "b&c"});
  CHECK(t.last("metrics") == "b&c");
  CHECK(t.last("date") == "2026-11-22T00:00:00+10:00");
  CHECK(t.last("empty") == "");
  CHECK(t.last("plus") == "a b");
  CHECK_FALSE(t.last("none").has_value());
}
