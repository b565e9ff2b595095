#include "simulator/faults.hpp"

#include <doctest/doctest.h>

#include "simulator/mutilation.hpp"

using namespace oes::sim;

namespace {

const oes::utc_time ordered_at = *oes::parse_utc("2026-11-23T10:00:00Z");
const std::string series = "/v4/data/network/NEM?metrics=power";

}  // namespace

TEST_CASE("an ordered fault is given as often as ordered, where it matches") {
  fault_desk desk(1, {});
  CHECK_FALSE(desk.add_json(R"({"kind":"status","status":503,"count":2,"match":"market"})", ordered_at).has_value());
  CHECK_FALSE(desk.next("/v4/data/network/NEM", ordered_at).has_value());
  CHECK(desk.next("/v4/market/network/NEM", ordered_at)->status == 503);
  CHECK(desk.next("/v4/market/network/NEM", ordered_at).has_value());
  CHECK_FALSE(desk.next("/v4/market/network/NEM", ordered_at).has_value());
}

TEST_CASE("an order that makes no sense is refused with the reason") {
  fault_desk desk(1, {});
  CHECK(desk.add_json("[]", ordered_at) == "not a JSON object");
  CHECK(desk.add_json(R"({"kind":"earthquake"})", ordered_at) == "unknown kind 'earthquake'");
  CHECK(desk.add_json(R"({"kind":"cut","count":0})", ordered_at) == "count must not be 0");
}

TEST_CASE("a rate gives the same faults for the same seed, and stops on request") {
  fault_desk one(5, {{0.3, {}}});
  fault_desk other(5, {{0.3, {}}});
  int given = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto a = one.next("/x", ordered_at);
    const auto b = other.next("/x", ordered_at);
    REQUIRE(a.has_value() == b.has_value());
    if (a) CHECK(a->kind == b->kind);
    given += a ? 1 : 0;
  }
  CHECK(given > 240);
  CHECK(given < 360);
  one.clear();
  for (int i = 0; i < 100; ++i) CHECK_FALSE(one.next("/x", ordered_at).has_value());
}

TEST_CASE("an order with an end is over then, however often it was given") {
  fault_desk desk(1, {});
  CHECK_FALSE(desk.add_json(R"({"kind":"maintenance","count":-1,"for":20})", ordered_at).has_value());
  CHECK(desk.next(series, ordered_at + std::chrono::seconds(19))->kind == fault_kind::maintenance);
  CHECK_FALSE(desk.next(series, ordered_at + std::chrono::seconds(20)).has_value());
}

TEST_CASE("two rates are drawn apart; lies come to series only, and a lie about the plan to /me") {
  fault_desk desk(5, {{0.2, {fault_kind::status}}, {0.5, {fault_kind::ahead, fault_kind::odd_me}}});
  int failed = 0;
  int ahead = 0;
  int me = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto given = desk.next(i % 2 == 0 ? series : "/v4/me", ordered_at);
    if (!given) continue;
    failed += given->kind == fault_kind::status ? 1 : 0;
    ahead += given->kind == fault_kind::ahead && i % 2 == 0 ? 1 : 0;
    me += given->kind == fault_kind::odd_me && i % 2 == 1 ? 1 : 0;
    REQUIRE((given->kind == fault_kind::status || (given->kind == fault_kind::ahead) == (i % 2 == 0)));
  }
  CHECK(failed > 150);
  CHECK(ahead > 60);
  CHECK(me > 60);
}

TEST_CASE("a lie that is ordered is as far off as it says") {
  fault_desk desk(1, {});
  CHECK_FALSE(desk.add_json(R"({"kind":"ahead","seconds":31536000})", ordered_at).has_value());
  CHECK(desk.next(series, ordered_at)->seconds == 31536000);
  CHECK_FALSE(desk.add_json(R"({"kind":"wrong-date","seconds":-7200})", ordered_at).has_value());
  CHECK(desk.next("/v4/me", ordered_at)->seconds == -7200);
}

TEST_CASE("NaN replaces the first number among the points") {
  CHECK(with_nan(R"({"data":[{"results":[{"data":[["2026",1.5],["2027",2.5]]}]}]})") ==
        R"({"data":[{"results":[{"data":[["2026",NaN],["2027",2.5]]}]}]})");
}
