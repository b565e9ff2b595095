#include "groups/provisional_edge.hpp"

#include <doctest/doctest.h>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

constexpr auto none = network_time::max();

time_series_answer answer_up_to(const std::string& label) {
  time_series_answer answer;
  answer.body = std::make_unique<std::string>("1");
  answer.blocks.push_back({"power", "MW", {{{}, {{at("2026-11-23T09:00:00"), 0, 1}, {at(label), 0, 1}}}}});
  answer.blocks.push_back({"energy", "MWh", {{{}, {{at("2026-11-23T09:00:00"), 0, 1}}}}});
  return answer;
}

struct asked {
  std::optional<std::string> end;
  bool reaches_edge = true;
  interval_size interval = interval_size::m5;
  std::string now = "2026-11-23T10:31:00";
};

network_time edge_of(const std::string& newest, const asked& how) {
  group_plan plan;
  plan.window = {at("2026-11-23T09:00:00"), std::nullopt};
  if (how.end) plan.window.end = at(*how.end);
  plan.reaches_edge = how.reaches_edge;
  plan.context = {at(how.now), {}, std::chrono::hours(1)};
  return provisional_from(answer_up_to(newest), plan, how.interval);
}

}  // namespace

TEST_CASE("the newest label of an answer that reached the edge is provisional, however old it is") {
  CHECK(edge_of("2026-11-23T10:30:00", {"2026-11-23T10:35:00"}) == at("2026-11-23T10:30:00"));
  CHECK(edge_of("2026-11-23T09:05:00", {"2026-11-23T10:35:00"}) == at("2026-11-23T09:05:00"));
}

TEST_CASE("a live query has no provisional point, nor has a window in the past, nor a closed bucket") {
  CHECK(edge_of("2026-11-23T10:25:00", {}) == none);
  CHECK(edge_of("2026-11-23T09:55:00", {"2026-11-23T10:00:00", false}) == none);
  CHECK(edge_of("2026-11-23T10:00:00", {"2026-11-23T11:00:00", true, interval_size::h1}) == none);
}

TEST_CASE("a window that is not the last one lacks its end: provisional while it is young, a hole when it is old") {
  CHECK(edge_of("2026-11-23T09:50:00", {"2026-11-23T10:00:00", false}) == at("2026-11-23T09:50:00"));
  CHECK(edge_of("2026-11-23T09:50:00", {"2026-11-23T10:00:00", false, interval_size::m5, "2026-11-24T10:00:00"}) ==
        none);
}
