// What is asked for again behind the live stream: compared with what was published, or published once more.
#include <doctest/doctest.h>

#include "records/value_hash.hpp"
#include "unit/backfill/backfill_fixture.hpp"
#include "unit/backfill/published_records.hpp"

using namespace oes;
using namespace oes::test;

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

TEST_CASE("B7 a refresh over a topic with a key and revision twice is refused, naming it, and nothing is asked") {
  backfill_fixture f;
  f.order.mode = backfill_mode::refresh;
  f.twice = "nem/power 10:00";
  const auto news = f.backfill();
  REQUIRE(news.has_error());
  CHECK(news.error().code == errc::refused);
  CHECK(news.error().context.find("nem/power 10:00 twice") != std::string::npos);
  CHECK(f.from.asked().empty());
  CHECK(f.kafka.records.empty());
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

namespace {

/// Both published from 10:00 to 10:30. Of energy the live stream reads again what is from 10:30 on, of power what is
/// from 10:10 on: it publishes a revision of power's 10:10 as soon as the topics were read, and then is done with that.
struct two_that_end_apart : two_metrics {
  two_that_end_apart() {
    order.to = "2026-11-23T10:30:00";
    order.mode = backfill_mode::fill;
    stream.batch_size = std::chrono::minutes(10);
    groups = make_groups({stream});
    from.serve = [this](const fetch_request& request) { return serve(request); };
    REQUIRE(backfill().has_value());
    kafka.state.members[power].ledger_from = at("2026-11-23T10:10:00");
    order.mode = backfill_mode::refresh;
    recall = [this](const request_group& group, std::vector<member_labels> asked) {
      return read_and_revise(group, std::move(asked));
    };
  }

  result<raw_answer> serve(const fetch_request& request) const {
    points of_power;
    points of_energy;
    for (auto label = request.window.start; label < *request.window.end; label += std::chrono::minutes(5)) {
      const auto hour_and_minute = format(label).substr(11, 5);
      of_power.emplace_back(hour_and_minute, hour_and_minute == "10:10" ? power_at_10_10 : "1");
      of_energy.emplace_back(hour_and_minute, "5");
    }
    return raw_answer{both(of_power, of_energy), {}};
  }

  boost::asio::awaitable<result<published_before>> read_and_revise(const request_group& group,
                                                                   std::vector<member_labels> asked) {
    published_before out{{}, {}};
    for (const auto& one : asked) {
      const auto& metric = group.members[one.member].metric();
      out.known.push_back(known_of(kafka.records, metric, group.identity.interval, one.labels));
    }
    if (power_at_10_10 == "1") co_await revise();
    co_return out;
  }

  // What the live stream does meanwhile.
  boost::asio::awaitable<void> revise() {
    power_at_10_10 = "9";
    const auto old = std::find_if(kafka.records.begin(), kafka.records.end(), [](const auto& one) {
      return is_of(one.first, "power") && label_in(one.first) == at("2026-11-23T10:10:00");
    });
    REQUIRE(old != kafka.records.end());
    kafka.records.emplace_back(old->first, R"({"power":9,"revision":1})");
    submission done;
    member_patch patch;
    patch.ledger_from = at("2026-11-23T10:20:00");
    done.changes.emplace_back(power, patch);
    const auto committed = co_await term->write.committer.commit(std::move(done));
    CHECK(committed.has_value());
  }

  std::string power_at_10_10 = "1";
};

}  // namespace

TEST_CASE("a refresh does not publish again what the live stream revised after the topics were read") {
  two_that_end_apart f;
  REQUIRE(f.backfill().has_value());
  CHECK(repeated_in(f.kafka.records).empty());
}

namespace {

/// The live stream goes on by an interval each time that the topics are read.
struct with_a_live_stream : backfill_fixture {
  with_a_live_stream() {
    from.serve = [](const fetch_request&) -> result<raw_answer> { return raw_answer{answer_body("power", four), {}}; };
    recall = [this](const request_group&, std::vector<member_labels> asked) {
      return read_and_go_on(std::move(asked));
    };
    order.mode = backfill_mode::refresh;
    order.to = "2026-11-24T00:00:00";
  }

  boost::asio::awaitable<result<published_before>> read_and_go_on(std::vector<member_labels> asked) {
    auto reading = recall_past(std::move(asked));
    auto out = co_await std::move(reading);
    if (recalls >= 10) co_return out;
    member_patch patch;
    patch.ledger_from = at("2026-11-23T11:00:00") + recalls * std::chrono::minutes(5);
    submission work;
    work.changes.emplace_back(power, patch);
    const auto committed = co_await term->write.committer.commit(std::move(work));
    CHECK(committed.has_value());
    co_return out;
  }
};

}  // namespace

TEST_CASE("a refresh up to where the live stream stands ends, though that goes on while the topics are read") {
  with_a_live_stream f;
  REQUIRE(f.backfill().has_value());
  CHECK(f.recalls == 1);
  CHECK(f.from.asked().size() == 1);
  CHECK(!f.member().refresh);
}

TEST_CASE("a refresh goes in as many pieces as memory wants, each compared with what was published") {
  backfill_fixture f;
  f.from.answer(answer_body("power", four));
  REQUIRE(f.backfill().has_value());
  f.kafka.records.clear();
  f.order.mode = backfill_mode::refresh;
  const auto id = f.past.add({});
  f.past.put(id, at("2026-11-23T10:00:00"), {value_hash("1"), 0});
  f.past.put(id, at("2026-11-23T10:05:00"), {value_hash("2"), 0});
  f.past.put(id, at("2026-11-23T10:10:00"), {value_hash("3"), 0});
  f.past.put(id, at("2026-11-23T10:15:00"), {value_hash("4"), 0});
  f.labels_in_memory = 1;
  for (const auto& point : four) f.from.answer(answer_body("power", {{point.first, point.second + ".5"}}));
  REQUIRE(f.backfill().has_value());
  CHECK(f.kafka.records.size() == 4);
  CHECK(f.revisions("1") == 4);
  CHECK(f.recalls == 4);
  CHECK(!f.member().refresh);
}
