#include <doctest/doctest.h>

#include "decode/decode.hpp"
#include "fixture.hpp"

using namespace oes;

TEST_CASE("plan, credits and rate come from /me") {
  const auto me = decode_account(oes::test::fixture_body("me")).value();
  CHECK(me.plan == "COMMUNITY");
  CHECK(me.credits_remaining == 498);
  CHECK(me.requests_per_second == 2.0);
}

TEST_CASE("what /me leaves out is unknown, not zero; but credits without a number are none (api.md §7)") {
  const auto me = decode_account(R"({"success":true,"data":{"plan":"PRO","rate_limit":null}})").value();
  CHECK(me.plan == "PRO");
  CHECK_FALSE(me.credits_remaining.has_value());
  CHECK(decode_account(R"({"data":{"credits":{}}})").value().credits_remaining == 0);
  CHECK_FALSE(me.requests_per_second.has_value());
  CHECK(decode_account("{}").value().plan.empty());
}

TEST_CASE("when the credits come back, in each way in which it could be told") {
  const auto at = [](const char* told) {
    return decode_account(std::string(R"({"data":{"credits":{"remaining":7,"reset":)") + told + "}}}").value();
  };
  const auto midnight = parse_utc("2026-11-24T00:00:00Z");
  CHECK(at("1795478400").credits_reset == midnight);
  CHECK(at("1795478400000").credits_reset == midnight);
  CHECK(at(R"("2026-11-24T00:00:00Z")").credits_reset == midnight);
  CHECK_FALSE(at(R"("soon")").credits_reset.has_value());
  CHECK(at("1795478400").credits_remaining == 7);
}

TEST_CASE("/me without its envelope, and with nested strangers of the same names") {
  const auto me =
      decode_account(R"({"plan":"ACADEMIC","x":{"credits":{"remaining":1},"plan":"no"},"credits":{"remaining":7}})")
          .value();
  CHECK(me.plan == "ACADEMIC");
  CHECK(me.credits_remaining == 7);
}

TEST_CASE("a /me that is no object is malformed") {
  CHECK(decode_account("<html>").error().code == errc::malformed);
  CHECK(decode_account("[]").error().code == errc::malformed);
  CHECK(decode_account(R"({"data":)").error().code == errc::malformed);
}
