// What a backfill asks, what it commits, and how it goes on after trouble.
#include <doctest/doctest.h>

#include "unit/backfill/backfill_fixture.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("a backfill publishes with its mark, covers its range, and leaves the live stream where it was") {
  backfill_fixture f;
  f.from.answer(answer_body("power", four));
  const auto news = f.backfill();
  REQUIRE(news.has_value());
  CHECK(news->records == 4);
  CHECK(news->requests == 1);
  REQUIRE(f.from.asked().size() == 1);
  CHECK(f.from.asked()[0].window == time_window{at("2026-11-23T10:00:00"), at("2026-11-23T10:20:00")});
  REQUIRE(f.kafka.records.size() == 4);
  for (const auto& [key, value] : f.kafka.records) CHECK(value.find(R"("backfill":true)") != std::string::npos);
  CHECK(f.member().position == at("2026-11-23T12:00:00"));
  CHECK(f.member().ledger_from == at("2026-11-23T11:00:00"));
  CHECK(f.member().labels.covers(at("2026-11-23T10:15:00")));
  CHECK(f.kafka.ledger.empty());
}

TEST_CASE("the same command again finds nothing to do, and asks for nothing") {
  backfill_fixture f;
  f.from.answer(answer_body("power", four));
  REQUIRE(f.backfill().has_value());
  const auto again = f.backfill();
  REQUIRE(again.has_value());
  CHECK(again->requests == 0);
  CHECK(f.from.asked().size() == 1);
}

TEST_CASE("labels without a number, and a range that answers 404, become gaps that are not asked for again") {
  backfill_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "null"}, {"10:15", "4"}}));
  REQUIRE(f.backfill().has_value());
  REQUIRE(f.member().labels.gaps().size() == 1);
  CHECK(f.member().labels.gaps()[0].range == minutes("2026-11-23T10:05:00", "2026-11-23T10:15:00"));
  CHECK(f.member().labels.gaps()[0].reason == "no_data");
  f.order.from = "2026-11-23T09:00:00";
  REQUIRE(f.backfill().has_value());  // nothing is queued: 404
  REQUIRE(f.from.asked().size() == 2);
  CHECK(f.from.asked()[1].window == time_window{at("2026-11-23T09:00:00"), at("2026-11-23T10:00:00")});
  CHECK(f.member().labels.gaps()[0].range == minutes("2026-11-23T09:00:00", "2026-11-23T10:00:00"));
  REQUIRE(f.backfill().has_value());
  CHECK(f.from.asked().size() == 2);
}

TEST_CASE("a chunk that answers 500 is halved at once, and grows again") {
  backfill_fixture f;
  f.from.answer(with_status(errc::server_error, 500));
  f.from.answer(answer_body("power", {four[0], four[1]}));
  f.from.answer(answer_body("power", {four[2], four[3]}));
  const auto news = f.backfill();
  REQUIRE(news.has_value());
  REQUIRE(f.from.asked().size() == 3);
  CHECK(f.from.asked()[1].window.end == at("2026-11-23T10:10:00"));
  CHECK(f.from.asked()[2].window == time_window{at("2026-11-23T10:10:00"), at("2026-11-23T10:20:00")});
  CHECK(f.kafka.records.size() == 4);
}

TEST_CASE("an interval that stays malformed is passed over as a gap, and what lies around it is published") {
  backfill_fixture f;
  f.order.to = "2026-11-23T10:10:00";
  for (int i = 0; i < 6; ++i) f.from.answer("{");
  f.from.answer(answer_body("power", {four[1]}));
  REQUIRE(f.backfill().has_value());
  REQUIRE(f.member().labels.gaps().size() == 1);
  CHECK(f.member().labels.gaps()[0].reason == "malformed");
  CHECK(f.member().labels.gaps()[0].range == minutes("2026-11-23T10:00:00", "2026-11-23T10:05:00"));
  CHECK(f.kafka.records.size() == 1);
  CHECK(!f.samples.empty());
}

TEST_CASE("windows of a stream that holds its points back are halved like others") {
  backfill_fixture f;
  f.stream.publish_after = std::chrono::hours(72);
  f.groups = make_groups({f.stream});
  f.order.to = "2026-11-23T10:10:00";
  for (int i = 0; i < 3; ++i) f.from.answer("{");
  f.from.answer(answer_body("power", {four[0]}));
  REQUIRE(f.backfill().has_value());
  REQUIRE(f.from.asked().size() > 3);
  CHECK(f.from.asked()[3].window.start == at("2026-11-23T10:00:00"));
  const auto gaps = f.member().labels.gaps();
  CHECK(std::none_of(gaps.begin(), gaps.end(), [](const gap& hole) { return hole.reason == "malformed"; }));
}

TEST_CASE(
    "a malformed gap is asked for again by the next run, and is no_data once the API says that there is nothing") {
  backfill_fixture f;
  f.order.to = "2026-11-23T10:05:00";
  f.kafka.state.members[power].labels.add_gap({minutes("2026-11-23T10:00:00", "2026-11-23T10:05:00"), "malformed", {}});
  REQUIRE(f.backfill().has_value());  // nothing is queued: 404
  CHECK(f.from.asked().size() == 1);
  REQUIRE(f.member().labels.gaps().size() == 1);
  CHECK(f.member().labels.gaps()[0].reason == "no_data");
  REQUIRE(f.backfill().has_value());
  CHECK(f.from.asked().size() == 1);
}

TEST_CASE("a request that the API calls wrong ends the backfill with its reason") {
  backfill_fixture f;
  f.from.answer(with_status(errc::rejected, 400));
  const auto news = f.backfill();
  REQUIRE(news.has_error());
  CHECK(news.error().code == errc::rejected);
  CHECK(f.from.asked().size() == 1);
}

TEST_CASE("whoever has gone away ends it before the next request") {
  backfill_fixture f;
  f.wanted = false;
  CHECK(f.backfill().error().code == errc::stopped);
  CHECK(f.from.asked().empty());
}
