#include "simulator/validation.hpp"

#include <doctest/doctest.h>

using namespace oes::sim;

namespace {

const oes::utc_time checked_at = *oes::parse_utc("2026-11-23T10:02:30Z");  // 20:02:30 in the NEM

std::string refusal_of(query_kind kind, const std::string& network, const std::string& query,
                       plan_code plan = plan_code::community) {
  const auto typed = check_types(kind, network, parse_target("/x?" + query));
  if (const auto* invalid = std::get_if<invalid_parameters>(&typed)) return invalid->body;
  const auto checked = check_rules(std::get<typed_query>(typed), plan, checked_at);
  if (const auto* bad = std::get_if<bad_request>(&checked)) return bad->text;
  return "";
}

checked_query accepted(const std::string& query, query_kind kind = query_kind::data) {
  const auto typed = check_types(kind, "NEM", parse_target("/x?" + query));
  return std::get<checked_query>(check_rules(std::get<typed_query>(typed), plan_code::community, checked_at));
}

}  // namespace

TEST_CASE("without dates the end is the last whole interval and the start half the free plan's range before it") {
  const auto q = accepted("metrics=power");
  CHECK(q.live);
  CHECK(oes::format(q.query.end) == "2026-11-23T20:00:00");
  CHECK(oes::format(q.query.start) == "2026-11-19T20:00:00");
  CHECK(oes::format(accepted("metrics=power&interval=1d").query.start) == "2026-05-24T20:00:00");
}

TEST_CASE("types are checked before rules, rules in the server's order") {
  CHECK(refusal_of(query_kind::data, "nem", "metrics=bogus").starts_with(R"({"detail":[{"type":"enum")"));
  CHECK(refusal_of(query_kind::data, "nem", "").find(R"("type":"missing")") != std::string::npos);
  CHECK(refusal_of(query_kind::data, "nem", "metrics=price") == "Network nem not supported");
  CHECK(refusal_of(query_kind::data, "NEM", "metrics=price&metrics=power&metrics=pollution&date_start=1") ==
        "Unsupported metrics: price, pollution");
  CHECK(refusal_of(query_kind::data, "NEM", "metrics=power&date_start=2026-11-22T00:00:00Z") ==
        "Date start must be timezone naive and in network time");
  CHECK(refusal_of(query_kind::data, "NEM", "metrics=power&date_end=2026-11-22T00:00:00%2B10:00") ==
        "Date end must be timezone naive and in network time");
}

TEST_CASE("ranges are measured in whole days") {
  CHECK(refusal_of(query_kind::data, "NEM", "metrics=power&date_start=2026-11-10&date_end=2026-11-18T23:55:00") == "");
  CHECK(refusal_of(query_kind::data, "NEM", "metrics=power&date_start=2026-11-10&date_end=2026-11-19") ==
        "Date range too large for 5m interval. Maximum range is 8 days.");
  CHECK(refusal_of(query_kind::data, "NEM", "metrics=power&date_start=2026-10-20&date_end=2026-11-19",
                   plan_code::enterprise) == "");
  CHECK(refusal_of(query_kind::data, "NEM", "metrics=energy&interval=fy&date_start=2026-01-01&date_end=2026-11-01",
                   plan_code::enterprise) == "Date range too large for fy interval. Maximum range is 7 days.");
}

TEST_CASE("history is limited by plan, and the order of the dates counts except for facilities") {
  CHECK(refusal_of(query_kind::data, "NEM", "metrics=power&date_start=2020-01-01&date_end=2020-01-02") ==
        "Date start is too far in the past. Your plan allows data from the last 730 days.");
  CHECK(refusal_of(query_kind::data, "NEM", "metrics=power&date_start=2020-01-01&date_end=2020-01-02",
                   plan_code::academic) == "");
  CHECK(refusal_of(query_kind::market, "NEM", "metrics=price&date_start=2026-11-23T20:05:00") ==
        "Date start must be before date end");
  CHECK(refusal_of(query_kind::facility, "NEM", "metrics=power&date_start=2026-11-23T20:05:00") == "");
}

TEST_CASE("filters decide groupings") {
  const auto q =
      accepted("metrics=power&network_region=NSW1&fueltech=wind&fueltech_group=coal&secondary_grouping=status");
  CHECK(q.query.primary == oes::primary_grouping::network_region);
  CHECK(q.query.secondary == oes::secondary_grouping::fueltech_group);
  CHECK(q.query.fueltechs == std::vector<std::string>{"wind"});
  CHECK(accepted("metrics=price&secondary_grouping=fueltech", query_kind::market).query.secondary ==
        oes::secondary_grouping::none);
}

TEST_CASE("no more than 30 facilities in one question") {
  std::string query = "metrics=power";
  for (int i = 0; i < 31; ++i) query += "&facility_code=F" + std::to_string(i);
  const auto text = refusal_of(query_kind::facility, "NEM", query);
  CHECK(text.find(R"("msg":"List should have at most 30 items after validation, not 31")") != std::string::npos);
}
