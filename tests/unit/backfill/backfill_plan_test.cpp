#include "backfill/backfill_plan.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>

#include "support/times.hpp"
#include "unit/pipeline/facility_samples.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::days;

namespace {

const member_key energy{"nem", "energy"};
const member_key price{"nem", "price"};

struct bed {
  bed() {
    stream_spec stream;
    stream.name = "nem";
    stream.metrics = {"power", "energy", "price"};
    stream.topic = "t.{dataset}";
    groups = make_groups({stream});
    for (const auto& key : {power, energy, price}) {
      member_progress m;
      m.start = m.ledger_from = at("2026-11-01T00:00:00");
      m.position = at("2026-11-20T00:00:00");
      m.labels.cover({m.start, m.position});
      m.identity = canonical(groups[key == price ? 1 : 0].identity);
      members[key] = m;
    }
  }
  [[nodiscard]] result<backfill_plan> plan() const {
    return plan_backfill({order, groups, members, limits_of("COMMUNITY"), plan_is_certain,
                          to_utc(at("2026-11-20T12:00:00"), network::nem)});
  }

  backfill_order order{"nem", "", "2026-10-01", "2026-11-01", backfill_mode::fill};
  bool plan_is_certain = true;
  std::vector<request_group> groups;
  std::map<member_key, member_progress> members;
};

bool says(const backfill_plan& plan, const std::string& text) {
  for (const auto& line : plan.left_out) {
    if (line.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("all metrics of a request group travel in one request; a range of 31 days of 5m takes four each") {
  const auto plan = bed().plan();
  REQUIRE(plan.has_value());
  REQUIRE(plan->groups.size() == 2);  // data and market
  CHECK(plan->groups[0].members.size() == 2);
  CHECK(plan->groups[0].windows.size() == 4);
  CHECK(plan->requests() == 8);
  CHECK(plan->groups[0].windows[0] == time_range{at("2026-10-01T00:00:00"), at("2026-10-09T00:00:00")});
}

TEST_CASE("what is covered, and what is known to be empty, is not asked for; other gaps are") {
  bed b;
  b.members[power].labels.cover({at("2026-10-01T00:00:00"), at("2026-10-15T00:00:00")});
  b.members[power].labels.add_gap({{at("2026-10-15T00:00:00"), at("2026-10-16T00:00:00")}, "no_data", {}});
  b.members[power].labels.add_gap({{at("2026-10-16T00:00:00"), at("2026-10-17T00:00:00")}, "malformed", {}});
  b.order.metric = "power";
  const auto plan = b.plan();
  REQUIRE(plan.has_value());
  REQUIRE(plan->groups.size() == 1);
  CHECK(plan->groups[0].members == std::vector<std::size_t>{0});
  CHECK(plan->groups[0].wanted[0].ranges() ==
        std::vector<time_range>{{at("2026-10-16T00:00:00"), at("2026-11-01T00:00:00")}});
  CHECK(plan->groups[0].windows.size() == 2);
  CHECK(says(*plan, "4032 interval(s)"));
  CHECK(says(*plan, "288 interval(s)"));
}

TEST_CASE("metrics that lack different parts share the requests that both need") {
  bed b;
  b.members[power].labels.cover({at("2026-10-01T00:00:00"), at("2026-10-30T00:00:00")});
  b.members[energy].labels.cover({at("2026-10-03T00:00:00"), at("2026-11-01T00:00:00")});
  const auto plan = b.plan();
  REQUIRE(plan.has_value());
  CHECK(plan->groups[0].windows == std::vector<time_range>{{at("2026-10-01T00:00:00"), at("2026-10-03T00:00:00")},
                                                           {at("2026-10-30T00:00:00"), at("2026-11-01T00:00:00")}});
}

TEST_CASE("what the live stream follows is its own, and said to be") {
  bed b;
  b.order.to = "2026-11-25";
  for (auto& [key, member] : b.members) member.ledger_from = at("2026-11-17T00:00:00");
  b.members[power].labels.forget({at("2026-11-10T00:00:00"), at("2026-11-11T00:00:00")});
  const auto plan = b.plan();
  REQUIRE(plan.has_value());
  CHECK(plan->groups[0].wanted[0].ranges().back() == time_range{at("2026-11-10T00:00:00"), at("2026-11-11T00:00:00")});
  CHECK(says(*plan, "from 2026-11-17T00:00:00+10:00 on"));
}

TEST_CASE("history is kept a day inside the plan's limit") {
  bed b;
  b.order.from = "2020-01-01";
  const auto plan = b.plan();
  REQUIRE(plan.has_value());
  const auto oldest = at("2026-11-20T12:00:00") - days(729);
  CHECK(plan->groups[0].windows.front().begin == oldest);
  CHECK(says(*plan, "COMMUNITY"));
}

TEST_CASE("a plan that is only assumed leaves nothing out, and the order waits for the true one") {
  bed b;
  b.order.from = "2024-10-01";
  b.plan_is_certain = false;
  const auto plan = b.plan();
  REQUIRE(plan.has_value());
  CHECK(plan->waits_for_plan);
  CHECK(plan->out_of_reach.empty());
  CHECK(plan->groups.front().windows.front().begin == at("2024-10-01T00:00:00"));
  REQUIRE_FALSE(plan->left_out.empty());
  CHECK(plan->left_out.front().find("only where the key's plan reaches back so far") != std::string::npos);
}

TEST_CASE("what was asked for before it left the plan's history is not said to be out of reach") {
  bed b;
  b.order.from = "2024-10-01";
  b.order.to = "2024-10-08";
  CHECK_FALSE(b.plan()->out_of_reach.empty());
  for (auto& [key, member] : b.members) member.labels.cover({at("2024-10-01T00:00:00"), at("2024-10-08T00:00:00")});
  CHECK(b.plan()->out_of_reach.empty());
  b.plan_is_certain = false;
  CHECK_FALSE(b.plan()->waits_for_plan);
}

TEST_CASE("batch_size_hours caps a backfill's windows too") {
  bed b;
  for (auto& group : b.groups) group.batch_size = std::chrono::hours(48);
  const auto plan = b.plan();
  REQUIRE(plan.has_value());
  CHECK(plan->groups[0].windows.size() == 16);
}

TEST_CASE("a refresh asks for everything once, and knows what of it is done") {
  bed b;
  b.order = {"nem", "power", "2026-10-01", "2026-10-21", backfill_mode::refresh};
  b.members[power].labels.cover({at("2026-10-01T00:00:00"), at("2026-11-01T00:00:00")});
  auto plan = b.plan();
  REQUIRE(plan.has_value());
  CHECK(plan->unmarked == std::vector<member_key>{power});
  CHECK(plan->requests() == 3);
  refresh_mark mark{plan->asked, false, {}};
  mark.done.add({at("2026-10-01T00:00:00"), at("2026-10-09T00:00:00")});
  b.members[power].refresh = mark;
  plan = b.plan();
  CHECK(plan->unmarked.empty());
  CHECK(plan->requests() == 2);
  CHECK(says(*plan, "done already"));
  b.order.mode = backfill_mode::republish;  // another order: it begins at the beginning
  CHECK(b.plan()->unmarked.size() == 1);
  CHECK(b.plan()->requests() == 3);
}

TEST_CASE("what makes no sense is refused with what would") {
  bed b;
  const auto refused = [&](const backfill_order& order, const std::string& text) {
    b.order = order;
    const auto plan = b.plan();
    REQUIRE(plan.has_error());
    CHECK(plan.error().code == errc::refused);
    CAPTURE(plan.error().context);
    CHECK(plan.error().context.find(text) != std::string::npos);
  };
  refused({"wem", "", "2026-10-01", "2026-10-02"}, "only nem");
  refused({"nem", "demand", "2026-10-01", "2026-10-02"}, "only power, energy, price");
  refused({"nem", "", "last week", "2026-10-02"}, "--from last week");
  refused({"nem", "", "2026-10-02", "2026-10-02"}, "not before");
  b.members[power].identity = "network|NEM|5m|network_region||long";
  refused({"nem", "", "2026-10-01", "2026-10-02"}, "was published as");
}

TEST_CASE("facility series: as many requests a window as there are batches, and windows that suit the list") {
  bed b;
  stream_spec units;
  units.name = "units";
  units.metrics = {"power"};
  units.topic = "t.{dataset}";
  units.filter.facility_codes = {"all"};
  b.groups = make_groups({units});
  REQUIRE(b.groups.front().identity.from == endpoint::facility);
  auto known = b.members.at(power);
  known.identity = canonical(b.groups.front().identity);
  b.members = {{{"units", "power"}, known}};
  b.order.stream = "units";
  boost::asio::io_context loop;
  facility_directory list(loop.get_executor(), 1UL << 30U);
  const auto question = [&](const facility_directory& facilities) {
    return backfill_question{b.order,      b.groups,
                             b.members,    limits_of("COMMUNITY"),
                             true,         to_utc(at("2026-11-20T12:00:00"), network::nem),
                             std::nullopt, {},
                             &facilities};
  };
  CHECK(plan_backfill(question(list))->requests() == 4);  // not known yet
  list.learn(many_facilities(61));
  const auto plan = plan_backfill(question(list));
  REQUIRE(plan.has_value());
  CHECK(plan->chunks() == 4);
  CHECK(plan->requests() == 12);
  facility_directory small(loop.get_executor(), 4UL << 20U);
  small.learn(many_facilities(61));
  const auto shorter = plan_backfill(question(small));
  REQUIRE(shorter.has_value());
  CHECK(shorter->chunks() > 4);
  CHECK(shorter->requests() == 3 * shorter->chunks());
}
