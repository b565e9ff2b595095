// Every order of events in a small world (world.hpp): the product's order of steps keeps the promise in all of them,
// and each step that is left out breaks it in some.
#include <doctest/doctest.h>

#include <string>

#include "unit/exactly_once/world.hpp"

using namespace oes::test;

namespace {

// Large enough for each mistake to show; small enough for seconds.
const bounds alone{1, 2, 2, 1, 0};
const bounds two{2, 2, 0, 0, 2};

void check_caught(const std::string& mistake, const mistakes& wrong, const char* as) {
  CAPTURE(mistake);
  const auto by_one = explore(alone, wrong);
  const auto by_two = by_one.violation.empty() ? explore(two, wrong) : by_one;
  CHECK_MESSAGE(by_two.violation.find(as) != std::string::npos, "found: '", by_two.violation, "'");
}

}  // namespace

TEST_CASE("one instance, killed before every step, replies lost, requests late: nothing lost, nothing twice") {
  const auto all = explore({1, 2, 2, 2, 0}, {});
  CHECK(all.violation == "");
  CHECK(all.finished > 10);
  MESSAGE("worlds: " << all.worlds);
}

TEST_CASE("two instances, the lease taken from living ones, zombies that go on: nothing lost, nothing twice") {
  const auto all = explore({2, 1, 1, 1, 2}, {});
  CHECK(all.violation == "");
  CHECK(all.finished > 10);
  MESSAGE("worlds: " << all.worlds);
}

TEST_CASE("each mistake shows, one alone or two together") {
  check_caught("no retirement after suspicion", {.no_retirement_after_suspicion = true}, "item");
  check_caught("keeps producer after abort, no begin record",
               {.keeps_producer_after_abort = true, .no_begin_record = true}, "passed over");
  check_caught("resends blindly", {.resends_blindly = true}, "item");
  check_caught("file is authority", {.file_is_authority = true}, "item");
  check_caught("progress first", {.progress_first = true}, "passed over");
  check_caught("progress apart", {.progress_apart = true}, "before its progress");
  check_caught("never asks the group, does not read the claim",
               {.does_not_read_the_claim = true, .never_asks_the_group = true}, "item");
  check_caught("mirrors before commit", {.mirrors_before_commit = true}, "ahead");
}

TEST_CASE("progress read before the init has settled what is open is not the progress") {
  CHECK(explore(two, {.reads_to_last_stable_offset = true}).violation != "");
}

TEST_CASE("the group and the claim each keep two leaders apart, should the other fail") {
  CHECK(explore(two, {.never_asks_the_group = true}).violation == "");
  CHECK(explore(two, {.does_not_read_the_claim = true}).violation == "");
}

TEST_CASE("the begin record alone makes a late abort harmless") {
  CHECK(explore(alone, {.keeps_producer_after_abort = true}).violation == "");
}
