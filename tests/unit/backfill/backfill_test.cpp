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

namespace {

/// The live stream has begun just now, and has nothing yet: all that is older is for a backfill.
struct begun_now : backfill_fixture {
  explicit begun_now(interval_size interval, std::string_view now, std::string_view begins) {
    set_now(now);
    stream.interval = interval;
    groups = make_groups({stream});
    member_progress live;
    live.identity = canonical(groups.front().identity);
    live.start = live.ledger_from = live.position = at(begins);
    kafka.state.members[power] = live;
    order.to = std::string(begins);
  }
  /// Labels of one day, served once.
  void answer(std::string_view day, const std::vector<std::pair<std::string, std::string>>& points) {
    auto body = answer_body("power", points);
    const std::string usual = "2026-11-23T";
    for (auto found = body.find(usual); found != std::string::npos; found = body.find(usual, found + 1)) {
      body.replace(found, usual.size(), std::string(day) + "T");
    }
    const std::string m5 = R"("interval":"5m")";
    body.replace(body.find(m5), m5.size(), R"("interval":")" + std::string(code(stream.interval)) + "\"");
    from.answer(body);
  }
};

}  // namespace

TEST_CASE(
    "an hour that a late feed has not filled is a gap of a backfill, and no record; with data behind it, it is one") {
  for (const bool filled : {false, true}) {
    begun_now f(interval_size::h1, "2026-11-23T10:20:00", "2026-11-22T10:00:00");
    f.order.from = "2026-11-22T08:00:00";
    std::vector<std::pair<std::string, std::string>> hours{{"08:00", "1"}, {"09:00", "2"}};
    if (filled) hours.emplace_back("10:00", "3");
    f.answer("2026-11-22", hours);
    REQUIRE(f.backfill().has_value());
    REQUIRE(f.from.asked().size() == 1);
    CHECK(f.from.asked()[0].window == time_window{at("2026-11-22T08:00:00"), at("2026-11-22T11:00:00")});
    CHECK(f.kafka.records.size() == (filled ? 2 : 1));
    CHECK(f.member().labels.covers(at("2026-11-22T09:00:00")) == filled);
    CHECK(f.member().labels.open_gaps().size() == (filled ? 0 : 1));
    CHECK_FALSE(f.member().labels.knows(at("2026-11-22T10:00:00")));
  }
}

TEST_CASE("an hour that nothing is behind is taken by a backfill once nothing comes any more") {
  begun_now f(interval_size::h1, "2026-11-25T10:20:00", "2026-11-22T10:00:00");
  f.order.from = "2026-11-22T08:00:00";
  f.answer("2026-11-22", {{"08:00", "1"}, {"09:00", "2"}});
  REQUIRE(f.backfill().has_value());
  CHECK(f.from.asked()[0].window.end == at("2026-11-22T10:00:00"));
  CHECK(f.kafka.records.size() == 2);
}

TEST_CASE("the newest five minutes, which the API serves while they are being filled, are a gap of a backfill") {
  for (const bool settled : {false, true}) {
    begun_now f(interval_size::m5, "2026-11-23T10:22:00", "2026-11-23T10:20:00");
    f.order.from = "2026-11-23T10:10:00";
    std::vector<std::pair<std::string, std::string>> points{{"10:10", "1"}, {"10:15", "2"}};
    if (settled) points.emplace_back("10:20", "3");
    f.answer("2026-11-23", points);
    REQUIRE(f.backfill().has_value());
    CHECK(f.kafka.records.size() == (settled ? 2 : 1));
    CHECK(f.member().labels.open_gaps().size() == (settled ? 0 : 1));
  }
}

TEST_CASE("what a stream holds back a backfill does not publish sooner") {
  begun_now f(interval_size::m5, "2026-11-23T14:22:00", "2026-11-23T14:20:00");
  f.stream.publish_after = std::chrono::hours(4);
  f.groups = make_groups({f.stream});
  f.order.from = "2026-11-23T10:10:00";
  f.order.to = "2026-11-23T10:30:00";
  f.answer("2026-11-23", {{"10:10", "1"}, {"10:15", "2"}, {"10:20", "3"}, {"10:25", "4"}});
  REQUIRE(f.backfill().has_value());
  CHECK(f.kafka.records.size() == 2);
  REQUIRE(f.member().labels.open_gaps().size() == 1);
  CHECK(f.member().labels.open_gaps()[0].range == minutes("2026-11-23T10:20:00", "2026-11-23T10:30:00"));
}

TEST_CASE("a backfill's last request has room for the label that shows whether its last one is whole") {
  begun_now f(interval_size::h1, "2026-11-23T10:20:00", "2026-11-22T10:00:00");
  const auto longest = f.limits.max_window(interval_size::h1);
  f.order.from = format(at("2026-11-22T10:00:00") - longest);
  REQUIRE(f.backfill().has_value());  // nothing is there: 404
  REQUIRE(f.from.asked().size() == 2);
  for (const auto& asked : f.from.asked()) CHECK(*asked.window.end - asked.window.start <= longest);
  CHECK(f.from.asked()[1].window == time_window{at("2026-11-22T09:00:00"), at("2026-11-22T11:00:00")});
}
