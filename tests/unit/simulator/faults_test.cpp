#include "simulator/faults.hpp"

#include <doctest/doctest.h>

#include "simulator/mutilation.hpp"

using namespace oes::sim;

TEST_CASE("an ordered fault is given as often as ordered, where it matches") {
  fault_desk desk(1, 0, {});
  CHECK_FALSE(desk.add_json(R"({"kind":"status","status":503,"count":2,"match":"market"})").has_value());
  CHECK_FALSE(desk.next("/v4/data/network/NEM").has_value());
  CHECK(desk.next("/v4/market/network/NEM")->status == 503);
  CHECK(desk.next("/v4/market/network/NEM").has_value());
  CHECK_FALSE(desk.next("/v4/market/network/NEM").has_value());
}

TEST_CASE("an order that makes no sense is refused with the reason") {
  fault_desk desk(1, 0, {});
  CHECK(desk.add_json("[]") == "not a JSON object");
  CHECK(desk.add_json(R"({"kind":"earthquake"})") == "unknown kind 'earthquake'");
  CHECK(desk.add_json(R"({"kind":"cut","count":0})") == "count must not be 0");
}

TEST_CASE("a rate gives the same faults for the same seed, and stops on request") {
  fault_desk one(5, 0.3, {});
  fault_desk other(5, 0.3, {});
  int given = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto a = one.next("/x");
    const auto b = other.next("/x");
    REQUIRE(a.has_value() == b.has_value());
    if (a) CHECK(a->kind == b->kind);
    given += a ? 1 : 0;
  }
  CHECK(given > 240);
  CHECK(given < 360);
  one.clear();
  for (int i = 0; i < 100; ++i) CHECK_FALSE(one.next("/x").has_value());
}

TEST_CASE("NaN replaces the first number among the points") {
  CHECK(with_nan(R"({"data":[{"results":[{"data":[["2026",1.5],["2027",2.5]]}]}]})") ==
        R"({"data":[{"results":[{"data":[["2026",NaN],["2027",2.5]]}]}]})");
}
