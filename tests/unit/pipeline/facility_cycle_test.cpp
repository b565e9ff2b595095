// Facility series through the poll cycle, and the list of facilities through its keeper.
#include <doctest/doctest.h>

#include "facilities/facility_batches.hpp"
#include "pipeline/facility_keeper.hpp"
#include "records/facility_records.hpp"
#include "telemetry/health.hpp"
#include "unit/pipeline/facility_samples.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const member_key units{"nem", "power"};
const std::vector<std::pair<std::string, std::string>> two_points{{"10:00", "1.5"}, {"10:05", "2"}};

stream_spec unit_stream() {
  auto stream = nem_stream();
  stream.filter.facility_codes = {"all"};
  return stream;
}

error server_error() { return {errc::server_error, "500", {}, 500}; }
error no_rows() { return {errc::not_yet, "404", {}, 404}; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("each batch takes a request and a credit; together they are one answer, and one step of progress") {
  poll_fixture f;
  f.facilities.learn(many_facilities(31));
  f.from.answer(units_body("power", {"F000U", "F001U"}, two_points));
  f.from.answer(units_body("power", {"F030U"}, two_points));
  const auto outcomes = f.cycles({unit_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::published);
  REQUIRE(f.from.asked().size() == 2);
  CHECK(f.from.asked()[0].identity.filter.facility_codes.size() == 30);
  CHECK(f.from.asked()[1].identity.filter.facility_codes == std::vector<std::string>{"F030"});
  CHECK(f.from.asked()[0].window == f.from.asked()[1].window);
  CHECK(f.board.credits_used_today == 2);
  CHECK(f.last_state.requests == 2);
  REQUIRE(f.kafka.records.size() == 6);
  CHECK(f.kafka.records[0].first == "v1|NEM|5m|power|unit_code=F000U|2026-11-23T10:00:00+10:00");
  CHECK(has(f.kafka.records[0].second, R"("unit_code":"F000U","power":1.5)"));
  CHECK(has(f.kafka.records[0].second, R"("facility_code":"F000")"));
  CHECK(has(f.kafka.records[0].second, R"("grouping":"unit")"));
  CHECK(f.kafka.records[2].first == "v1|NEM|5m|power|unit_code=F030U|2026-11-23T10:00:00+10:00");
  CHECK(f.kafka.state.members.at(units).position == at("2026-11-23T10:10:00"));
}

TEST_CASE("a batch without rows is an empty one; only when none has any is there nothing yet") {
  poll_fixture f;
  f.facilities.learn(many_facilities(31));
  f.from.answer(no_rows());
  f.from.answer(units_body("power", {"F030U"}, two_points));
  CHECK(f.cycles({unit_stream()}, 1)[0].end == cycle_end::published);
  CHECK(f.kafka.records.size() == 2);
  poll_fixture none;
  none.facilities.learn(many_facilities(31));
  CHECK(none.cycles({unit_stream()}, 1)[0].end == cycle_end::nothing_yet);
  CHECK(none.from.asked().size() == 2);
}

TEST_CASE("a batch's 404 is asked about again where nobody reads the window again, however short it is") {
  poll_fixture f;
  f.facilities.learn(many_facilities(31));
  auto stream = unit_stream();
  stream.start = at("2026-11-03T10:00:00");
  stream.batch_size = std::chrono::hours(24);
  int asked = 0;
  f.from.serve = [&](const fetch_request& request) -> result<raw_answer> {
    if (request.identity.filter.facility_codes.size() == 1 && ++asked == 1) return no_rows();
    const bool first = request.identity.filter.facility_codes.size() > 1;
    auto body = units_body("power", {first ? "F000U" : "F030U"}, two_points);
    for (auto i = body.find("2026-11-23"); i != std::string::npos; i = body.find("2026-11-23")) {
      body.replace(i, 10, "2026-11-03");
    }
    return raw_answer{std::move(body), f.clock.now(), f.clock.now()};
  };
  f.cycles({stream}, 1);
  CHECK(asked == 2);
  CHECK(f.kafka.records.size() == 4);
}

TEST_CASE("F: a poll whose requests the day's credits do not pay together is not begun") {
  poll_fixture f;
  f.budget_options.credits_per_day = 2;
  f.budget_options.share = 1;
  f.facilities.learn(many_facilities(61));
  const auto outcomes = f.cycles({unit_stream()}, 1);
  CHECK(outcomes[0].end == cycle_end::failed);
  CHECK(outcomes[0].why.code == errc::rate_limited);
  CHECK(has(outcomes[0].why.context, "3 requests"));
  CHECK(f.from.asked().empty());
  CHECK(f.board.credits_used_today == 0);
}

TEST_CASE("F: a 404 that is asked about again is paid where nothing is left, since all else of the answer is there") {
  poll_fixture f;
  f.budget_options.credits_per_day = 2;
  f.budget_options.share = 1;
  f.facilities.learn(many_facilities(31));
  auto stream = unit_stream();
  stream.start = at("2026-11-03T10:00:00");
  stream.batch_size = std::chrono::hours(24);
  f.from.serve = [&](const fetch_request& request) -> result<raw_answer> {
    if (request.identity.filter.facility_codes.size() > 1) return no_rows();
    auto body = units_body("power", {"F030U"}, two_points);
    for (auto i = body.find("2026-11-23"); i != std::string::npos; i = body.find("2026-11-23")) {
      body.replace(i, 10, "2026-11-03");
    }
    return raw_answer{std::move(body), f.clock.now(), f.clock.now()};
  };
  CHECK(f.cycles({stream}, 1)[0].end == cycle_end::more);
  CHECK(f.from.asked().size() == 3);
  CHECK(f.board.credits_used_today == 3);
  CHECK(f.kafka.records.size() == 2);
}

TEST_CASE("a batch that fails fails the cycle: nothing is published, nothing moves, all of it is asked again") {
  poll_fixture f;
  f.facilities.learn(many_facilities(31));
  f.from.answer(units_body("power", {"F000U"}, two_points));
  f.from.answer(server_error());
  f.from.answer(units_body("power", {"F000U"}, two_points));
  f.from.answer(units_body("power", {"F030U"}, two_points));
  const auto outcomes = f.cycles({unit_stream()}, 2);
  CHECK(outcomes[0].end == cycle_end::failed);
  CHECK(outcomes[0].why.code == errc::server_error);
  CHECK(outcomes[1].end == cycle_end::published);
  CHECK(f.kafka.records.size() == 4);
}

TEST_CASE("the identity does not follow the list: what a longer one adds is published beside the rest") {
  poll_fixture f;
  f.facilities.learn(many_facilities(1));
  f.from.answer(units_body("power", {"F000U"}, two_points));
  f.cycles({unit_stream()}, 1);
  f.facilities.learn(many_facilities(2));
  f.from.answer(units_body("power", {"F000U", "F001U"}, two_points));
  CHECK(f.cycles({unit_stream()}, 1)[0].end == cycle_end::published);
  REQUIRE(f.kafka.records.size() == 4);  // the new unit's points are late, not lost; the other's are not repeated
  CHECK(has(f.kafka.records[3].second, R"("unit_code":"F001U")"));
}

TEST_CASE("a filter that no facility passes is told, not asked") {
  poll_fixture f;
  f.facilities.learn(many_facilities(3));
  auto stream = unit_stream();
  stream.filter.network_region = "TAS1";
  const auto outcomes = f.cycles({stream}, 1);
  CHECK(outcomes[0].end == cycle_end::failed);
  CHECK(has(outcomes[0].why.context, "no facility in the API's list matches"));
  CHECK(f.from.asked().empty());
}

TEST_CASE("windows follow the size of the list") {
  poll_fixture f;
  f.facilities.learn(many_facilities(30));
  auto stream = unit_stream();
  stream.start = at("2026-11-20T00:00:00");
  f.from.answer(units_body("power", {"F000U"}, two_points));
  f.cycles({stream}, 1);
  REQUIRE(f.last_state.batch_cap);
  CHECK(*f.last_state.batch_cap == window_for_batches(facility_identity(), 1, many_facilities(30),
                                                      at("2026-11-20T00:00:00"), f.facilities.most_bytes()));
}

TEST_CASE("the list is published once, then what changes, and what it remembers survives a restart") {
  poll_fixture f;
  f.list_settings.enabled = true;
  f.list_settings.tombstones = true;
  f.from.list = many_facilities(3);
  CHECK(f.keep_list().has_value());
  CHECK(f.kafka.records.size() == 3);
  CHECK(f.kafka.records[0].first == "v1|facility|F000|F000U");
  CHECK(f.kafka.transactions == std::vector<std::size_t>{0, 3});
  const auto version = f.kafka.state.last_version;
  CHECK(
      has(f.kafka.records[2].second, "\"version\":" + std::to_string(version)));  // progress knows what was handed out
  CHECK(f.kafka.mirrored.back().state == f.kafka.state);

  f.set_now("2026-11-24T10:31:00");
  CHECK(f.keep_list().has_value());  // unchanged: no transaction but the restart's claim
  CHECK(f.kafka.transactions == std::vector<std::size_t>{0, 3, 0});
  CHECK(f.from.lists_asked == 2);

  f.set_now("2026-11-25T10:31:00");
  f.from.list.value().units[1].status = "retired";
  f.from.list.value().units.pop_back();
  CHECK(f.keep_list().has_value());
  REQUIRE(f.kafka.records.size() == 5);
  CHECK(has(f.kafka.records[3].second, R"("status":"retired")"));
  CHECK(f.kafka.records[4] == std::pair<std::string, std::string>("v1|facility|F002|F002U", ""));
}

TEST_CASE("I6: a list with an entry that cannot be used ends the units of other facilities alone") {
  poll_fixture f;
  f.list_settings.enabled = true;
  f.list_settings.tombstones = true;
  f.from.list = many_facilities(4);
  CHECK(f.keep_list().has_value());
  f.set_now("2026-11-24T10:31:00");
  f.from.list.value().units.resize(2);
  f.from.list.value().left_out = 1;
  f.from.list.value().left_out_of = {"F002"};
  CHECK(f.keep_list().has_value());
  REQUIRE(f.kafka.records.size() == 5);
  CHECK(f.kafka.records[4] == std::pair<std::string, std::string>("v1|facility|F003|F003U", ""));
}

TEST_CASE("a list that goes to another topic is published there whole") {
  poll_fixture f;
  f.list_settings.enabled = true;
  f.from.list = many_facilities(3);
  CHECK(f.keep_list().has_value());
  f.list_settings.topic = "another";
  CHECK(f.keep_list().has_value());
  CHECK(f.kafka.records.size() == 6);
}

TEST_CASE("a list that was published but whose transaction was not committed is published again, once") {
  poll_fixture f;
  f.list_settings.enabled = true;
  f.from.list = many_facilities(3);
  f.kafka.fates = {fate::commit, fate::drop, fate::commit_but_lose_the_answer};
  CHECK(f.keep_list().has_value());
  CHECK(f.kafka.records.size() == 3);
}

TEST_CASE("a list that cannot be had leaves the older one in use, and says why") {
  poll_fixture f;
  f.facilities.learn(many_facilities(1));
  f.set_now("2026-11-25T10:31:00");
  f.from.list = server_error();
  CHECK(f.keep_list().error().code == errc::server_error);
  CHECK(f.facilities.list()->units.size() == 1);
  CHECK(f.kafka.records.empty());
}

TEST_CASE(
    "a list that has lost most of its units is not believed: the older one stays in use, and is asked for again") {
  poll_fixture f;
  f.facilities.learn(many_facilities(30));
  f.set_now("2026-11-25T10:31:00");
  f.from.list = many_facilities(10);
  const auto kept = f.keep_list();
  REQUIRE(!kept);
  CHECK(kept.error().code == errc::malformed);
  CHECK(has(kept.error().context, "20 of 30 units"));
  CHECK(f.facilities.list()->units.size() == 30);
  f.from.list = many_facilities(31);
  CHECK(f.keep_list().has_value());
  CHECK(f.from.lists_asked == 2);
  CHECK(f.facilities.list()->units.size() == 31);
}

TEST_CASE("after a restart a list is held against what was published") {
  poll_fixture f;
  f.list_settings.enabled = true;
  f.from.list = many_facilities(30);
  CHECK(f.keep_list().has_value());
  poll_fixture again;
  again.list_settings.enabled = true;
  again.kafka.ledger = f.kafka.ledger;
  again.from.list = many_facilities(10);
  CHECK_FALSE(again.keep_list().has_value());
  CHECK(again.facilities.list() == nullptr);
}

TEST_CASE("what another instance has published of a newer list is not undone by an older one") {
  poll_fixture f;
  f.list_settings.enabled = true;
  f.from.list = many_facilities(3);
  CHECK(f.keep_list().has_value());
  poll_fixture other;
  other.list_settings.enabled = true;
  other.kafka.state = f.kafka.state;
  other.kafka.ledger = f.kafka.ledger;
  other.from.list = many_facilities(3);
  other.from.list.value().units[1].status = "retired";
  CHECK(other.keep_list().has_value());
  CHECK(other.kafka.records.size() == 1);
  f.kafka.state = other.kafka.state;
  f.kafka.ledger = other.kafka.ledger;
  f.from.list = other.from.list;
  CHECK(f.keep_list().has_value());  // young as its list is, it leads again
  CHECK(f.kafka.records.size() == 3);
}

TEST_CASE("a unit that a list leaves out is asked for a week longer, and gone from what is published at once") {
  poll_fixture f;
  f.list_settings.enabled = true;
  f.list_settings.tombstones = true;
  f.from.list = many_facilities(31);
  CHECK(f.keep_list().has_value());
  f.from.list = many_facilities(30);
  f.set_now("2026-11-24T11:31:00");
  CHECK(f.keep_list().has_value());
  REQUIRE(f.kafka.records.size() == 32);
  CHECK(f.kafka.records[31] == std::pair<std::string, std::string>("v1|facility|F030|F030U", ""));
  f.from.answer(units_body("power", {"F000U"}, two_points));
  f.from.answer(units_body("power", {"F030U"}, two_points));
  f.cycles({unit_stream()}, 1);
  CHECK(f.kafka.records.size() == 36);
  CHECK(std::count_if(f.kafka.records.begin() + 32, f.kafka.records.end(),
                      [](const auto& record) { return has(record.second, R"("facility_code":"F030")"); }) == 2);
  for (const auto& [now, units_asked_for] :
       {std::pair{"2026-12-01T11:30:00", 31}, std::pair{"2026-12-02T11:35:00", 30}}) {
    f.set_now(now);
    CHECK(f.keep_list().has_value());
    CHECK(f.facilities.list()->units.size() == static_cast<std::size_t>(units_asked_for));
  }
}

TEST_CASE("a list for facility series alone that failed once is told while it fails, and has no row") {
  poll_fixture f;
  const auto health_after = [&f] {
    f.board.role = "leading";
    f.board.now = f.clock.now() + std::chrono::minutes(3);
    return judge_health(f.board);
  };
  CHECK_FALSE(f.keep_list().has_value());
  const auto failing = health_after();
  CHECK(failing.level == health_level::degraded);
  REQUIRE(!failing.reasons.empty());
  CHECK(has(failing.reasons[0].what, "list of facilities"));
  f.from.list = many_facilities(3);
  CHECK(f.keep_list().has_value());
  CHECK(health_after().level == health_level::ok);
  CHECK(f.board.members.empty());
}

TEST_CASE("a list that is published has a row, which says that it failed, and that it works again") {
  poll_fixture f;
  f.list_settings.enabled = true;
  CHECK_FALSE(f.keep_list().has_value());
  const auto& row = f.board.members[facility_list_key(f.list_settings.topic)];
  CHECK(row.state == stream_state::retrying);
  f.from.list = many_facilities(3);
  CHECK(f.keep_list().has_value());
  CHECK(row.state == stream_state::live);
  CHECK(f.board.troubles.empty());
}

TEST_CASE("the list is read before it is published, though the clock moves on between two looks at it") {
  for (int i = 0; i < 300; ++i) {
    poll_fixture f;
    const auto here = wall_now();
    f.clock = time_source(clock_settings{here, f.clock.now(), 1000});
    f.list_settings.enabled = true;
    f.from.list = many_facilities(1);
    CHECK(f.keep_list().has_value());
    CHECK(f.from.lists_asked == 1);
  }
}

TEST_CASE("a list that is young enough is not asked for again") {
  poll_fixture f;
  f.from.list = many_facilities(1);
  f.from.list.value().received_at = f.clock.now();
  CHECK(f.keep_list().has_value());
  CHECK(f.keep_list().has_value());
  CHECK(f.from.lists_asked == 1);
  CHECK(f.kafka.records.empty());  // not enabled: it is read for facility series only
}

TEST_CASE("I2: a facility that a stream names and the API's list does not have is told, once for each stream") {
  const auto list = many_facilities(2);
  CHECK(unknown_facilities({{"nem", network::nem, {"F000", "F001"}}, {"all", network::nem, {"all"}}}, list).empty());
  const auto told =
      unknown_facilities({{"nem", network::nem, {"F000", "NOPE", "NADA"}}, {"wem", network::wem, {"F000"}}}, list);
  CHECK(told == std::vector<std::string>{
                    "stream 'nem' asks for facilities that the API's list of NEM does not have: NOPE, NADA",
                    "stream 'wem' asks for facilities that the API's list of WEM does not have: F000"});
}
