// A backfill on fakes: what it asks, what it commits, and how it goes on after trouble.
#include "backfill/backfill.hpp"

#include <doctest/doctest.h>

#include "records/value_hash.hpp"
#include "support/failures.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const member_key power{"nem", "power"};

struct backfill_fixture : poll_fixture {
  backfill_fixture() : poll_fixture("2026-11-23T12:01:00") {
    // Retries wait in milliseconds.
    const auto here = wall_now();
    clock = time_source(clock_settings{here, to_utc(at("2026-11-23T12:01:00"), network::nem), 1000});
    // The live stream stands at 12:00 and has published since 11:00.
    auto& live = kafka.state.members[power];
    live.identity = canonical(make_groups({stream}).front().identity);
    live.start = live.ledger_from = at("2026-11-23T11:00:00");
    live.position = at("2026-11-23T12:00:00");
    live.labels.cover({live.start, live.position});
  }

  result<backfill_news> backfill() {
    result<backfill_news> out = error{};
    in_term<bool>([&](walk_parts& w) { return drive_backfill(w, out); });
    return out;
  }

  boost::asio::awaitable<bool> drive_backfill(walk_parts& w, result<backfill_news>& out) {
    task_group background(loop.get_executor(), no_failure_expected());
    std::vector<std::pair<member_key, member_progress>> nobody;
    const auto claimed = co_await w.write.to.claim(std::move(nobody));
    background.start("committer", w.write.to.run());
    backfill_context bench{groups,
                           w.read,
                           w.write,
                           [&](const backfill_news& n) { told.push_back(n); },
                           [&] { return wanted; },
                           [&](const request_group& group, std::vector<std::size_t> members, time_range labels) {
                             return recall(group, std::move(members), labels);
                           }};
    auto given = order;
    operator_reason why{"a test", "", "", "", {}};
    auto ended = co_await run_backfill(std::move(given), std::move(why), bench);
    out = std::move(ended);
    w.write.to.close();
    co_await background.join();
    co_return claimed.has_value();
  }

  boost::asio::awaitable<result<published_before>> recall(const request_group& group, std::vector<std::size_t> members,
                                                          time_range labels) {
    ++recalls;
    published_before out{labels, {}, gone};
    for (std::size_t i = 0; i < members.size(); ++i) out.known.push_back(past);
    static_cast<void>(group);
    co_return out;
  }

  [[nodiscard]] const member_progress& member() const { return kafka.state.members.at(power); }
  [[nodiscard]] std::size_t revisions(const std::string& text) const {
    return static_cast<std::size_t>(std::count_if(kafka.records.begin(), kafka.records.end(), [&](const auto& r) {
      return r.second.find("\"revision\":" + text) != std::string::npos;
    }));
  }

  stream_spec stream = nem_stream();
  std::vector<request_group> groups = make_groups({stream});
  backfill_order order{"nem", "", "2026-11-23T10:00:00", "2026-11-23T10:20:00", backfill_mode::fill};
  std::vector<backfill_news> told;
  bool wanted = true;
  ledger past{interval_size::m5};
  std::string gone;
  int recalls = 0;
};

const std::vector<std::pair<std::string, std::string>> four{
    {"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}, {"10:15", "4"}};

time_range minutes(const char* from, const char* to) { return {at(from), at(to)}; }

error with_status(errc code, int status) { return {code, "the API said so", {}, status}; }

}  // namespace

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

TEST_CASE("a refresh publishes what changed as the next revision, what is new as the first, and ends without a trace") {
  backfill_fixture f;
  f.from.answer(answer_body("power", {four[0], four[1], four[2]}));
  f.order.to = "2026-11-23T10:15:00";
  REQUIRE(f.backfill().has_value());
  const auto id = f.past.add({});
  f.past.put(id, at("2026-11-23T10:00:00"), {value_hash("1"), 0});
  f.past.put(id, at("2026-11-23T10:05:00"), {value_hash("2"), 3});
  f.past.put(id, at("2026-11-23T10:10:00"), {value_hash("3.0"), 0});
  f.order.mode = backfill_mode::refresh;
  f.order.to = "2026-11-23T10:20:00";
  f.kafka.records.clear();
  f.from.answer(answer_body("power", {four[0], {"10:05", "2.5"}, four[2], four[3]}));
  REQUIRE(f.backfill().has_value());
  REQUIRE(f.kafka.records.size() == 2);
  CHECK(f.revisions("4") == 1);
  CHECK(f.revisions("0") == 1);
  CHECK(f.recalls == 1);
  CHECK(!f.member().refresh);
}

namespace {

/// Two metrics, of both of which the range was published.
struct two_metrics : backfill_fixture {
  two_metrics() {
    stream = nem_stream({"power", "energy"});
    groups = make_groups({stream});
    kafka.state.members[energy] = kafka.state.members[power];
    from.answer(both({{"10:00", "1"}}, {{"10:00", "5"}}));
    order.to = "2026-11-23T10:05:00";
    REQUIRE(backfill().has_value());
    order.mode = backfill_mode::republish;
    kafka.records.clear();
  }
  using points = std::vector<std::pair<std::string, std::string>>;
  static std::string both(const points& of_power, const points& of_energy) {
    auto body = answer_body("power", of_power);
    const auto other = answer_body("energy", of_energy);
    const std::string block = R"({"network_code")";
    const auto begin = other.find(block);
    return body.insert(body.size() - 2, "," + other.substr(begin, other.size() - 2 - begin));
  }
  const member_key energy{"nem", "energy"};
};

}  // namespace

TEST_CASE("a refresh asks again for a metric that an answer leaves out; the others are done") {
  two_metrics f;
  f.from.answer(answer_body("power", {{"10:00", "2"}}));
  f.from.answer(answer_body("energy", {{"10:00", "6"}}));
  REQUIRE(f.backfill().has_value());
  REQUIRE(f.from.asked().size() == 3);
  CHECK(f.from.asked()[2].metrics == std::vector<std::string>{"energy"});
  CHECK(f.kafka.records.size() == 2);
  CHECK(!f.kafka.state.members.at(f.energy).refresh);
}

TEST_CASE("a refresh takes what three answers leave out, or say is not there, for what the API has no more") {
  two_metrics f;
  f.from.answer(answer_body("power", {{"10:00", "2"}}));
  f.from.answer(with_status(errc::not_yet, 404));
  f.from.answer(with_status(errc::not_yet, 404));
  REQUIRE(f.backfill().has_value());
  CHECK(f.from.asked().size() == 4);
  CHECK(f.kafka.state.members.at(f.energy).labels.covers(at("2026-11-23T10:00:00")));
  CHECK(!f.kafka.state.members.at(f.energy).refresh);
}

TEST_CASE("a refresh that has lost what it compares with is refused before anything is changed or asked") {
  backfill_fixture f;
  f.order.mode = backfill_mode::refresh;
  f.gone = "nem/power 10:00";
  const auto news = f.backfill();
  REQUIRE(news.has_error());
  CHECK(news.error().code == errc::refused);
  CHECK(f.from.asked().empty());
  CHECK(!f.member().refresh);
}

TEST_CASE("a republication needs no past, begins revisions again, and says why in the progress topic, ahead of them") {
  backfill_fixture f;
  f.from.answer(answer_body("power", four));
  REQUIRE(f.backfill().has_value());
  f.order.mode = backfill_mode::republish;
  f.from.answer(answer_body("power", four));
  REQUIRE(f.backfill().has_value());
  CHECK(f.kafka.records.size() == 8);
  CHECK(f.revisions("0") == 8);
  CHECK(f.recalls == 0);
  REQUIRE(f.kafka.reasons.size() == 1);
  CHECK(f.kafka.reasons[0].reason.text == "a test");
  const auto version = [&](std::size_t i) {
    const auto& value = f.kafka.records[i].second;
    return std::stoll(value.substr(value.find("\"version\":") + 10));
  };
  CHECK(version(3) <= f.kafka.reasons[0].last_version);
  CHECK(version(4) > f.kafka.reasons[0].last_version);
}

TEST_CASE("a refresh that ends in the middle goes on there; a lost commit changes nothing") {
  backfill_fixture f;
  f.stream.batch_size = std::chrono::minutes(10);
  f.groups = make_groups({f.stream});
  f.order.mode = backfill_mode::republish;
  f.from.answer(answer_body("power", {four[0], four[1]}));
  f.from.answer(with_status(errc::rejected, 400));
  CHECK(f.backfill().has_error());
  REQUIRE(f.member().refresh);
  f.from.answer(answer_body("power", {four[2], four[3]}));
  f.kafka.fates = {fate::commit, fate::drop};  // the claim, the chunk
  REQUIRE(f.backfill().has_value());
  CHECK(f.from.asked().back().window.start == at("2026-11-23T10:10:00"));
  CHECK(f.kafka.records.size() == 4);
  CHECK(f.kafka.reasons.size() == 1);
  CHECK(!f.member().refresh);
}
