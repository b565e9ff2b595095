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

TEST_CASE("F6: a plan without a limit is not taken for one whose credits are spent") {
  CHECK_FALSE(decode_account(R"({"data":{"plan":"ENTERPRISE","credits":{}}})").value().credits_remaining.has_value());
  CHECK(decode_account(R"({"data":{"credits":{},"plan":"PRO"}})").value().credits_remaining == 0);
  CHECK(decode_account(R"({"data":{"plan":"ENTERPRISE","credits":{"remaining":7}}})").value().credits_remaining == 7);
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

TEST_CASE("F5: the numbers of /me are read however they are written") {
  const auto left = [](const std::string& told) {
    return decode_account(R"({"data":{"plan":"PRO","credits":{"remaining":)" + told + "}}}").value();
  };
  for (const auto* const told : {"480", R"("480")", "480.0", "4.8e2", R"(" 480 ")", R"("480.0")", "4800e-1"}) {
    CHECK_MESSAGE(left(told).credits_remaining == 480, told);
    CHECK(left(told).doubtful.empty());
  }
  CHECK(left("1e3").credits_remaining == 1000);
  CHECK(left("0").credits_remaining == 0);
}

TEST_CASE("F5: what cannot be meant is ignored and named, never taken for nothing") {
  const auto left = [](const std::string& told) {
    return decode_account(R"({"data":{"credits":{"remaining":)" + told + "}}}").value();
  };
  for (const auto* const told : {R"("lots")", R"("")", "-1", "1e300", R"("nan")", R"("inf")", R"("480 credits")",
                                 "99999999999999999999999999"}) {
    const auto me = left(told);
    CHECK_MESSAGE(!me.credits_remaining, told);
    CHECK_MESSAGE(me.doubtful.starts_with("credits.remaining = "), told);
  }
}

TEST_CASE("F5: no reset is too large to be ignored") {
  const auto reset = [](const std::string& told) {
    return decode_account(R"({"data":{"credits":{"remaining":7,"reset":)" + told + "}}}").value();
  };
  for (const auto* const told :
       {"9223372036854775807", "-9223372036854775808", "1e19", "9999999999999999", "0", R"("9223372036854775807")"}) {
    CHECK_MESSAGE(!reset(told).credits_reset, told);
    CHECK(reset(told).credits_remaining == 7);
  }
  CHECK(reset(R"("1795478400")").credits_reset == parse_utc("2026-11-24T00:00:00Z"));
  CHECK(reset("1.7954784e9").credits_reset == parse_utc("2026-11-24T00:00:00Z"));
}

TEST_CASE("F5: a plan is a plan in small letters too, and a balance of null is not told") {
  const auto me = decode_account(R"({"data":{"plan":"pro","credits":{"remaining":null}}})").value();
  CHECK(me.plan == "PRO");
  CHECK_FALSE(me.credits_remaining);
}
