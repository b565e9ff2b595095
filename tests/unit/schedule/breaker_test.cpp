// The breaker line by line: no socket, no sleep.
#include "schedule/breaker.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace oes;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const run_time begin(hours(100));
const breaker_settings usual{{seconds(2), minutes(5)}, {minutes(2), hours(1)}, hours(1)};

error maintenance(std::optional<seconds> retry_after = {}) {
  return {errc::server_error, "503 Maintenance Mode", retry_after, 503};
}

void fail(breaker& api, run_time now, const error& why = maintenance(), double uniform = 0.0) {
  const auto what = trouble_in(why);
  REQUIRE(what.has_value());
  api.failed(*what, why, microseconds::max(), now, uniform);
}

}  // namespace

TEST_CASE("E5: what concerns every request, and what is the group's own") {
  const auto of = [](errc code, int status) { return trouble_in({code, "why", {}, status}); };
  CHECK(of(errc::unreachable, 0) == api_trouble::away);
  for (const int status : {502, 503, 504, 520, 522, 527, 530})
    CHECK(of(errc::server_error, status) == api_trouble::away);
  CHECK(of(errc::rate_limited, 429) == api_trouble::limit);
  CHECK(of(errc::limit_reached, 401) == api_trouble::limit);
  CHECK(of(errc::bad_key, 401) == api_trouble::bad_key);
  for (const int status : {200, 408, 500, 501, 505, 599}) CHECK_FALSE(of(errc::server_error, status));
  CHECK_FALSE(of(errc::not_yet, 404));
  CHECK_FALSE(of(errc::rejected, 400));
  CHECK_FALSE(of(errc::malformed, 0));
  CHECK_FALSE(of(errc::too_large, 0));
  CHECK_FALSE(of(errc::timed_out, 0));
  CHECK_FALSE(of(errc::network_error, 0));
  CHECK_FALSE(of(errc::rate_limited, 0));  // the budget's own word
  CHECK_FALSE(of(errc::stopped, 0));
}

TEST_CASE("E5: an API that takes requests and answers none is away after three in a row; one answer begins anew") {
  breaker api(usual);
  CHECK_FALSE(api.fell_silent());
  CHECK_FALSE(api.fell_silent());
  api.answered(begin);
  CHECK_FALSE(api.fell_silent());
  CHECK_FALSE(api.fell_silent());
  CHECK(api.fell_silent());
}

TEST_CASE("whether anything has answered is asked anew of another key or host") {
  breaker api(usual);
  CHECK_FALSE(api.has_answered());
  api.answered(begin);
  fail(api, begin);
  CHECK(api.has_answered());
  api.reset();
  CHECK_FALSE(api.has_answered());
}

TEST_CASE("E5: closed, everything leaves") {
  breaker api(usual);
  for (int i = 0; i < 5; ++i) CHECK_FALSE(api.ask(begin + seconds(i)));
  CHECK(api.outage() == nullptr);
  CHECK_FALSE(api.news(begin));
}

TEST_CASE("E5: open, one request probes and all others wait for its answer") {
  breaker api(usual);
  fail(api, begin);
  REQUIRE(api.outage() != nullptr);
  CHECK(api.outage()->since == begin);
  CHECK(api.ask(begin) == seconds(1));  // half of two seconds, and the other half by chance
  CHECK(api.ask(begin + seconds(1)) == std::nullopt);
  CHECK(api.ask(begin + seconds(1)) == seconds(2));  // the probe is on its way
  CHECK(api.ask(begin + seconds(2)) == seconds(2));
  api.answered(begin + seconds(3));
  CHECK(api.outage() == nullptr);
  for (int i = 0; i < 5; ++i) CHECK_FALSE(api.ask(begin + seconds(3)));
}

TEST_CASE("E5: probes back off with jitter to five minutes, and not beyond a quarter more") {
  for (const double uniform : {0.0, 0.5, 0.999}) {
    breaker api(usual);
    auto now = begin;
    fail(api, now, maintenance(), uniform);
    auto longest = microseconds(0);
    for (int i = 0; i < 20; ++i) {
      const auto wait = api.ask(now).value_or(microseconds(0));
      CHECK(wait >= seconds(1));
      CHECK(wait <= minutes(5) + seconds(75));
      longest = std::max(longest, wait);
      now += wait;
      REQUIRE_FALSE(api.ask(now));
      fail(api, now, maintenance(), uniform);
    }
    CHECK(longest >= minutes(5));
  }
}

TEST_CASE("E5: two hours of maintenance cost fewer requests than two hours of four groups' polls") {
  breaker api(usual);
  int requests = 0;
  fail(api, begin, maintenance(), 0.5);
  // Seven groups that ask whenever they are told to.
  std::vector<run_time> wake(7, begin);
  for (auto now = begin; now < begin + hours(2); now += seconds(1)) {
    for (auto& at : wake) {
      if (now < at) continue;
      const auto wait = api.ask(now);
      if (wait) {
        at = now + *wait;
        continue;
      }
      ++requests;
      fail(api, now, maintenance(), 0.5);
    }
  }
  CHECK(requests < 40);
  CHECK(requests > 20);
  CHECK(api.outage()->failures == requests + 1);
}

TEST_CASE("E5: requests that were under way when it began neither hurry nor slow the probes") {
  breaker api(usual);
  fail(api, begin);
  const auto next = api.outage()->next_probe;
  for (int i = 0; i < 6; ++i) fail(api, begin + seconds(0));
  CHECK(api.outage()->next_probe == next);
  CHECK(api.outage()->failures == 7);
}

TEST_CASE("E5: an answer to a request that was under way ends it, too") {
  breaker api(usual);
  fail(api, begin);
  api.answered(begin + seconds(1));
  CHECK(api.outage() == nullptr);
  // The next one begins anew.
  fail(api, begin + hours(1));
  CHECK(api.ask(begin + hours(1)) == seconds(1));
  CHECK(api.outage()->failures == 1);
}

TEST_CASE("E5: a probe that was not made, or never ends, does not hold up the others") {
  breaker api(usual);
  fail(api, begin);
  REQUIRE_FALSE(api.ask(begin + seconds(5)));
  api.not_asked();
  CHECK_FALSE(api.ask(begin + seconds(5)));
  CHECK(api.ask(begin + minutes(5)) == seconds(2));
  CHECK_FALSE(api.ask(begin + minutes(6)));
}

TEST_CASE("F4: Retry-After is waited for, within bounds, and does not hurry the probes") {
  breaker api(usual);
  fail(api, begin, maintenance(seconds(60)));
  CHECK(api.ask(begin) == seconds(60));
  REQUIRE_FALSE(api.ask(begin + seconds(60)));
  fail(api, begin + seconds(60), maintenance(seconds(0)));
  CHECK(api.ask(begin + seconds(60)) == seconds(2));
  for (int i = 0; i < 12; ++i) {
    const auto now = api.outage()->next_probe;
    REQUIRE_FALSE(api.ask(now));
    fail(api, now, maintenance(seconds(1)));
  }
  CHECK(api.outage()->next_probe - begin > minutes(20));
  const auto now = api.outage()->next_probe;
  REQUIRE_FALSE(api.ask(now));
  fail(api, now, maintenance(hours(24)));
  CHECK(api.ask(now) == hours(6));
}

TEST_CASE("E5: a refused key is probed after minutes, a bad one after an hour, and a spent limit when its day begins") {
  breaker limit(usual);
  fail(limit, begin, {errc::limit_reached, "401", {}, 401});
  CHECK(limit.ask(begin) == minutes(1));
  breaker bad(usual);
  fail(bad, begin, {errc::bad_key, "401", {}, 401});
  CHECK(bad.ask(begin) == hours(1));
  breaker midnight(usual);
  midnight.failed(api_trouble::limit, {errc::rate_limited, "429", hours(5), 429}, minutes(12), begin, 0.0);
  CHECK(midnight.ask(begin) == minutes(12));
}

TEST_CASE("E5: another kind of trouble begins its own backoff") {
  breaker api(usual);
  auto now = begin;
  fail(api, now);
  for (int i = 0; i < 12; ++i) {
    now = api.outage()->next_probe;
    REQUIRE_FALSE(api.ask(now));
    fail(api, now);
  }
  now = api.outage()->next_probe;
  REQUIRE_FALSE(api.ask(now));
  fail(api, now, {errc::limit_reached, "401", {}, 401});
  CHECK(api.ask(now) == minutes(1));
  CHECK(api.outage()->what == api_trouble::limit);
  CHECK(api.outage()->since == begin);
}

TEST_CASE("E5: one line at the beginning, one every ten minutes, one at the end") {
  using kind = breaker_news::kind;
  breaker api(usual);
  fail(api, begin);
  auto told = api.news(begin);
  REQUIRE(told);
  CHECK(told->what == kind::began);
  CHECK(told->outage.why == "503 Maintenance Mode");
  CHECK_FALSE(api.news(begin));
  int lines = 0;
  for (auto now = begin; now < begin + hours(2); now += seconds(10)) {
    if (!api.ask(now)) fail(api, now);
    if (api.news(now)) ++lines;
  }
  CHECK(lines == 11);
  api.answered(begin + hours(2) + minutes(3));
  told = api.news(begin + hours(2) + minutes(3));
  REQUIRE(told);
  CHECK(told->what == kind::over);
  CHECK(told->lasted == hours(2) + minutes(3));
  CHECK(told->outage.failures > 20);
  CHECK_FALSE(api.news(begin + hours(3)));
}

TEST_CASE("E5: an end is told although the next outage began before anyone looked") {
  breaker api(usual);
  fail(api, begin);
  REQUIRE(api.news(begin));
  api.answered(begin + seconds(30));
  fail(api, begin + seconds(31));
  CHECK(api.news(begin + seconds(31))->what == breaker_news::kind::over);
  CHECK(api.news(begin + seconds(31))->what == breaker_news::kind::began);
  CHECK_FALSE(api.news(begin + seconds(32)));
}
