#include "fetch/retry_after.hpp"

#include <doctest/doctest.h>

namespace oes {
namespace {

using namespace std::chrono;
const utc_time asked_at = *parse_utc("2026-11-23T00:00:00Z");

}  // namespace

TEST_CASE("seconds to wait") {
  CHECK(parse_retry_after("120", asked_at) == seconds(120));
  CHECK(parse_retry_after(" 0 ", asked_at) == seconds(0));
}

TEST_CASE("an absurd wait is cut to a day") {
  CHECK(parse_retry_after("86401", asked_at) == hours(24));
  CHECK(parse_retry_after("99999999999999999999", asked_at) == hours(24));
  CHECK(parse_retry_after("Fri, 01 Jan 2100 00:00:00 GMT", asked_at) == hours(24));
}

TEST_CASE("a date to wait for, in all three forms that HTTP has had") {
  CHECK(parse_retry_after("Mon, 23 Nov 2026 00:01:30 GMT", asked_at) == seconds(90));
  CHECK(parse_retry_after("Monday, 23-Nov-26 00:01:30 GMT", asked_at) == seconds(90));
  CHECK(parse_retry_after("Mon Nov 23 00:01:30 2026", asked_at) == seconds(90));
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", asked_at) == parse_utc("1994-11-06T08:49:37Z"));
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", asked_at) == parse_utc("1994-11-06T08:49:37Z"));
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994", asked_at) == parse_utc("1994-11-06T08:49:37Z"));
}

TEST_CASE("a date that has passed means now") {
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", asked_at) == seconds(0));
}

TEST_CASE("a part of a second is a second") {
  CHECK(parse_retry_after("Mon, 23 Nov 2026 00:00:02 GMT", asked_at + milliseconds(500)) == seconds(2));
}

TEST_CASE("what is neither seconds nor a date is not guessed at") {
  for (const auto* const text :
       {"", "soon", "-5", "1.5", "1e3", "Mon, 23 Nov 2026 00:01:30", "Mon, 31 Feb 2026 00:00:00 GMT",
        "Mon, 23 Foo 2026 00:01:30 GMT", "Mon, 23 Nov 2026 24:00:00 GMT", "Mon, 23 Nov 2026 00:01:30 CET",
        "Mon, 23 Nov 12345 00:00:00 GMT"}) {
    CHECK_MESSAGE(!parse_retry_after(text, asked_at), text);
  }
}

TEST_CASE("C3: the time that an answer tells: its Date, and its Age where a cache kept it") {
  const auto said = parse_utc("2026-11-23T00:01:30Z");
  const auto later = parse_utc("2026-11-23T00:11:30Z");
  for (const auto* const date : {"Mon, 23 Nov 2026 00:01:30 GMT", "Monday, 23-Nov-26 00:01:30 GMT",
                                 "Mon Nov 23 00:01:30 2026", "  Mon, 23 Nov 2026 00:01:30 GMT\t"}) {
    CHECK_MESSAGE(parse_answer_time(date, "", asked_at) == said, date);
    CHECK_MESSAGE(parse_answer_time(date, "600", asked_at) == later, date);
    CHECK_MESSAGE(parse_answer_time(date, " 0 ", asked_at) == said, date);
  }
  for (const auto* const age : {"-1", "soon", "600.5", "86401", "99999999999999999999"}) {
    CHECK_MESSAGE(!parse_answer_time("Mon, 23 Nov 2026 00:01:30 GMT", age, asked_at), age);
  }
  for (const auto* const date : {"", "now", "2026-11-23T00:01:30Z", "Mon, 23 Nov 2026 00:01:30 CET", "0"}) {
    CHECK_MESSAGE(!parse_answer_time(date, "", asked_at), date);
  }
}

}  // namespace oes
