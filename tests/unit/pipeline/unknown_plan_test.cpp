// A stream that begins while nobody has told what the key's plan is.
#include <doctest/doctest.h>

#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const auto configured = at("2015-01-01T00:00:00");

stream_spec old_stream() {
  auto stream = nem_stream();
  stream.start = configured;
  return stream;
}

// COMMUNITY: what is older than two years is refused, of the rest there is nothing.
void refuse_history(poll_fixture& f) {
  f.from.serve = [](const fetch_request& asked) -> result<raw_answer> {
    if (asked.window.start < at("2024-11-23T10:31:00")) {
      return error{errc::rejected, "400 Date start is too far in the past", {}, 400};
    }
    return error{errc::not_yet, "404", {}, 404};
  };
}

}  // namespace

TEST_CASE("a stream begins where it is configured to, and what the API has of it is published") {
  poll_fixture f;
  REQUIRE(f.budget_options.plan == "auto");
  f.from.answer(answer_body("power", {}));
  f.cycles({old_stream()}, 1);
  CHECK(f.kafka.state.members.at(power).start == configured);
  REQUIRE_FALSE(f.from.asked().empty());
  CHECK(f.from.asked().front().window.start == configured);
}

TEST_CASE("a history that is refused is asked for again until the plan is known; then it is a gap that says why") {
  poll_fixture f;
  refuse_history(f);
  const auto outcomes = f.cycles({old_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::failed);
  CHECK(outcomes[0].waits_for_plan);
  CHECK(f.kafka.state.members.at(power).position == configured);
  CHECK(f.kafka.state.members.at(power).labels.gaps().empty());

  f.budget_options.plan = "COMMUNITY";
  CHECK(f.cycles({old_stream()}, 1)[0].end == cycle_end::more);
  const auto& member = f.kafka.state.members.at(power);
  REQUIRE(member.labels.gaps().size() == 1);
  CHECK(member.labels.gaps()[0].range.begin == configured);
  CHECK(member.labels.gaps()[0].reason == "history");
}

TEST_CASE("by a plan that is known a start is cut to what its history holds, without a gap") {
  poll_fixture f;
  f.budget_options.plan = "COMMUNITY";
  refuse_history(f);
  f.cycles({old_stream()}, 1);
  const auto& member = f.kafka.state.members.at(power);
  CHECK(member.start > at("2024-11-23T00:00:00"));
  CHECK(member.labels.gaps().empty());
}
