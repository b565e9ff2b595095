// A daemon that was off for longer than the plan's history reaches back.
#include <doctest/doctest.h>

#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

constexpr const char* two_years_on = "2028-12-01T00:00:00";  // 730 days before: 2026-12-02

// An API that refuses what is out of the plan's history, and has nothing else.
void serve_history(poll_fixture& f) {
  f.budget_options.plan = "COMMUNITY";
  f.from.serve = [](const fetch_request& asked) -> result<raw_answer> {
    if (asked.window.start < at("2026-12-02T00:00:00")) {
      return error{errc::rejected, "400 Date start is too far in the past", {}, 400};
    }
    return error{errc::not_yet, "404", {}, 404};
  };
}

}  // namespace

TEST_CASE("what fell out of the plan's history is a gap that is told, and the stream goes on behind it") {
  poll_fixture f;
  auto stream = nem_stream();
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.cycles({stream}, 1);
  f.set_now(two_years_on);
  serve_history(f);
  const auto outcomes = f.cycles({stream}, 2);
  CHECK(outcomes[0].end == cycle_end::more);
  CHECK(outcomes[1].end == cycle_end::more);  // nothing there: it is searched
  const auto& member = f.kafka.state.members.at(power);
  CHECK(member.position == at("2026-12-02T12:00:00"));
  CHECK(member.ledger_from == member.position);
  REQUIRE(member.labels.gaps().size() == 1);
  CHECK(member.labels.gaps()[0].range == time_range{at("2026-11-23T10:10:00"), at("2026-12-02T12:00:00")});
  CHECK(member.labels.gaps()[0].reason == "history");
  CHECK(member.labels.gaps()[0].given_up_at.has_value());
  CHECK(f.kafka.ledger.at(power).rows.empty());
  CHECK(f.kafka.records.size() == 2);
  CHECK(f.from.asked().back().window.start == at("2026-12-02T12:00:00"));
}

TEST_CASE("a stream that holds its points back goes on where the plan's history begins, not before") {
  poll_fixture f;
  auto stream = nem_stream();
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.cycles({stream}, 1);
  stream.publish_after = std::chrono::hours(72);
  f.set_now(two_years_on);
  serve_history(f);
  const auto outcomes = f.cycles({stream}, 2);
  CHECK(outcomes[1].end == cycle_end::more);
  CHECK(f.kafka.state.members.at(power).position == at("2026-12-02T12:00:00"));
}

TEST_CASE("C1: by a clock that is known to be wrong no history is given up") {
  poll_fixture f;
  auto stream = nem_stream();
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.cycles({stream}, 1);
  const auto stood = f.kafka.state.members.at(power);
  f.set_now("2029-12-01T00:00:00");
  for (int i = 0; i < 5; ++i) {
    f.clock.see({in_nem("2026-11-23T10:40:00"), f.clock.run(), f.clock.run()});
  }
  REQUIRE(f.clock.read().standing == clock_standing::refused);
  f.budget_options.plan = "COMMUNITY";
  f.from.serve = [](const fetch_request&) -> result<raw_answer> { return error{errc::rejected, "302 Found", {}, 302}; };
  f.cycles({stream}, 2);
  CHECK(f.kafka.state.members.at(power) == stood);
}

TEST_CASE("a re-read that is owed does not reach out of the plan's history for ever") {
  poll_fixture f;
  const auto stream = nem_stream();
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.cycles({stream}, 1);
  auto& member = f.kafka.state.members.at(power);
  member.position = at("2026-12-03T00:00:00");
  f.set_now(two_years_on);
  serve_history(f);
  const auto outcomes = f.cycles({stream}, 3);
  CHECK(outcomes[0].end == cycle_end::more);
  CHECK(member.position == at("2026-12-03T00:00:00"));
  CHECK(member.ledger_from == at("2026-12-02T12:00:00"));
  CHECK(member.labels.gaps().empty());
  REQUIRE(f.from.asked().size() == 4);
  CHECK(f.from.asked()[1].window.start < at("2026-12-02T00:00:00"));
  CHECK(f.from.asked()[2].window.start >= at("2026-12-02T12:00:00"));
}

TEST_CASE("a window within the history that the API refuses moves nothing") {
  poll_fixture f;
  f.from.answer(error{errc::rejected, "400 unknown metric", {}, 400});
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::failed);
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:00:00"));
  CHECK(f.kafka.state.members.at(power).labels.gaps().empty());
}

TEST_CASE("a plan without a limit on history skips nothing") {
  poll_fixture f;
  f.limits = limits_of("ACADEMIC");
  f.cycles({nem_stream()}, 0);
  f.set_now(two_years_on);
  serve_history(f);
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::failed);
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:00:00"));
}
