#include "simulator/gate.hpp"

#include <doctest/doctest.h>

using namespace oes::sim;

namespace {

const oes::utc_time morning = *oes::parse_utc("2026-11-23T00:00:00Z");

gate make_gate(bool limit_rate = false) {
  return gate({{"community-key", plan_code::community, std::nullopt},
               {"three-credits", plan_code::community, 3},
               {"enterprise-key", plan_code::enterprise, std::nullopt}},
              limit_rate);
}

std::string ask(gate& g, const std::optional<std::string>& header, oes::utc_time now, bool required = true) {
  const auto answer = g.admit(header, required, now, now);
  if (const auto* no = std::get_if<refusal>(&answer)) return no->text;
  return "admitted";
}

}  // namespace

TEST_CASE("a missing, short or unknown key is refused in the server's words") {
  auto g = make_gate();
  CHECK(ask(g, std::nullopt, morning) == "Not authenticated");
  CHECK(ask(g, "Basic abc", morning) == "Not authenticated");
  CHECK(ask(g, "Bearer short", morning) == "Invalid API key");
  CHECK(ask(g, "Bearer not-a-known-key", morning) == "Authentication failed");
  CHECK(ask(g, "bearer enterprise-key", morning) == "admitted");
}

TEST_CASE("where a key is optional anonymous callers get in, but a bad key does not") {
  auto g = make_gate();
  CHECK(ask(g, std::nullopt, morning, false) == "admitted");
  CHECK(ask(g, "Bearer not-a-known-key", morning, false) == "Authentication failed");
}

TEST_CASE("credits last for a UTC day") {
  auto g = make_gate();
  for (int i = 0; i < 3; ++i) CHECK(ask(g, "Bearer three-credits", morning) == "admitted");
  CHECK(ask(g, "Bearer three-credits", morning + std::chrono::hours(23)) == "Authentication failed");
  CHECK(g.status("three-credits").remaining == 0);
  CHECK(ask(g, "Bearer three-credits", morning + std::chrono::hours(24)) == "admitted");
  CHECK(g.status("three-credits").remaining == 2);
  CHECK_FALSE(g.status("enterprise-key").remaining.has_value());
}

TEST_CASE("the burst limit holds per second and costs nothing beyond it") {
  auto g = make_gate(true);
  CHECK(ask(g, "Bearer community-key", morning) == "admitted");
  CHECK(ask(g, "Bearer community-key", morning) == "admitted");
  CHECK(ask(g, "Bearer community-key", morning) == "Authentication failed");
  CHECK(ask(g, "Bearer community-key", morning + std::chrono::seconds(1)) == "admitted");
  CHECK(g.status("community-key").used == 3);
}

TEST_CASE("keys are told as KEY:PLAN or KEY:PLAN:CREDITS") {
  CHECK(parse_key_settings("some-key:PRO")->plan == plan_code::pro);
  CHECK(parse_key_settings("some-key:COMMUNITY:7")->credits == 7);
  CHECK_FALSE(parse_key_settings("some-key").has_value());
  CHECK_FALSE(parse_key_settings("some-key:GOLD").has_value());
  CHECK_FALSE(parse_key_settings("some-key:PRO:x").has_value());
}
