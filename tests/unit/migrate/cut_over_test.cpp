// Several old jobs in one plan: whose rows a DELETE takes, and which jobs are one.
#include <doctest/doctest.h>

#include "migrate/migration.hpp"

using namespace oes;

namespace {

// 2026-11-28 10:02:30 in NEM.
const utc_time planned_at = *parse_utc("2026-11-28T00:02:30Z");

migrated_job job_with(std::string_view options, std::string_view progress = "", const std::string& where = "job.py:1") {
  const auto sets = find_option_sets(options);
  REQUIRE(sets.has_value());
  auto read = read_old_job(sets->front(), where);
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().context));
  return {*read, progress.empty() ? std::nullopt : parse_network_time(progress)};
}

migration cut_plan(std::vector<migrated_job> jobs) {
  auto plan = plan_migration({std::move(jobs), planned_at, old_batch_size::left_out});
  REQUIRE_MESSAGE(plan.has_value(), (plan ? "" : plan.error().context));
  return *plan;
}

std::string refusal_of(std::vector<migrated_job> jobs) {
  const auto plan = plan_migration({std::move(jobs), planned_at, old_batch_size::left_out});
  return plan ? "taken" : plan.error().context;
}

std::string advice_of(const migration& plan) { return migration_advice(plan, {{"t"}, 288}, ""); }

bool has_words(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

bool remarks_on(const migrated_stream& one, std::string_view words) {
  for (const auto& remark : one.remarks) {
    if (has_words(remark, words)) return true;
  }
  return false;
}

std::vector<std::string> deletes(const migration& plan) {
  std::vector<std::string> out;
  const auto advice = advice_of(plan);
  for (std::size_t at = 0; (at = advice.find("DELETE FROM", at)) != std::string::npos;) {
    const auto end = advice.find('\n', at);
    out.push_back(advice.substr(at, end - at));
    at = end;
  }
  return out;
}

std::string from(std::string_view network, std::string_view time) {
  return "DELETE FROM old_table WHERE network_code = '" + std::string(network) + "' AND interval >= TIMESTAMP '" +
         std::string(time) + "';";
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("jobs of a network begin together, so that one DELETE takes what is published again, whoever wrote it") {
  const auto plan =
      cut_plan({job_with("{'metrics': 'power'}", "2026-11-27T09:31:10"),
                job_with("{'metrics': 'price', 'network_code': 'WEM'}", "2026-11-27T09:31:10"),
                job_with("{'metrics': 'energy', 'interval': '1h'}", "2026-11-25T20:45:00"),
                job_with("{'metrics': 'power', 'primary_grouping': 'network_region'}", "2026-11-27T09:31:10")});
  REQUIRE(plan.streams.size() == 4);
  for (const auto i : {0U, 2U, 3U}) CHECK(plan.streams[i].start == "2026-11-24T20:00:00+10:00");
  CHECK(plan.streams[1].start == "2026-11-26T09:30:00+08:00");
  CHECK(remarks_on(plan.streams[0], "instead of 2026-11-26T09:30:00+10:00"));
  CHECK_FALSE(remarks_on(plan.streams[2], "instead of"));
  CHECK(deletes(plan) == texts{"DELETE FROM old_table WHERE interval IS NULL;",
                               from("NEM", "2026-11-24T20:00:00+10:00"), from("WEM", "2026-11-26T09:30:00+08:00"),
                               from("NEM", "2026-11-16T20:00:00+10:00"), from("WEM", "2026-11-18T09:30:00+08:00")});
}

TEST_CASE("where labels lie apart each begins with its first one that is deleted") {
  const auto plan = cut_plan({job_with("{'metrics': 'energy', 'interval': '1d'}", "2026-11-25T10:00:00"),
                              job_with("{'metrics': 'power'}", "2026-11-24T05:00:00")});
  CHECK(plan.streams[0].start == "2026-11-24T00:00:00+10:00");
  CHECK(plan.streams[1].start == "2026-11-23T05:00:00+10:00");
  CHECK(deletes(plan)[1] == from("NEM", "2026-11-23T05:00:00+10:00"));
  for (const auto& one : plan.streams) CHECK(one.cut->hole_since >= plan.cuts.at(0).hole_since);
}

TEST_CASE("no DELETE is given where it would take rows of a job whose end nobody knows") {
  const auto plan =
      cut_plan({job_with("{'metrics': 'power'}", "2026-11-27T09:30:00"), job_with("{'metrics': 'energy'}"),
                job_with("{'network_code': 'WEM'}", "2026-11-27T09:30:00")});
  CHECK(deletes(plan) == texts{"DELETE FROM old_table WHERE interval IS NULL;",
                               from("WEM", "2026-11-26T09:30:00+08:00"), from("WEM", "2026-11-18T09:30:00+08:00")});
  CHECK(has_words(advice_of(plan), "No DELETE for NEM: no progress file was read for stream nem-5m"));
  CHECK_FALSE(has_words(advice_of(plan), "--stream nem "));
}

TEST_CASE("no DELETE is given where jobs stopped too far apart; none takes what the plan cannot fetch") {
  const auto apart = cut_plan({job_with("{'metrics': 'power'}", "2026-11-27T09:30:00"),
                               job_with("{'metrics': 'energy'}", "2026-05-27T09:30:00")});
  CHECK(apart.streams[0].start == "2026-11-26T09:30:00+10:00");
  CHECK(deletes(apart).empty());
  CHECK(has_words(advice_of(apart), "No DELETE for NEM: streams nem-5m and nem begin 184 days apart"));
  const auto old = cut_plan({job_with("{'metrics': 'power'}", "2024-12-02T09:30:00"),
                             job_with("{'metrics': 'energy', 'interval': '1d'}", "2023-11-27T09:30:00")});
  CHECK(has_words(advice_of(old), "interval >= TIMESTAMP '2024-1"));  // nothing older is deleted
}

TEST_CASE("a table that is not continued is not cut") {
  for (const auto* grouping : {"fueltech", "status", "renewable"}) {
    const auto plan = cut_plan({job_with("{'metrics': 'power', 'secondary_grouping': '" + std::string(grouping) + "'}",
                                         "2026-11-27T09:30:00")});
    CHECK(plan.streams[0].start == "2026-11-26T09:30:00+10:00");
    CHECK(deletes(plan).empty());
    CHECK(has_words(advice_of(plan), "No DELETE for NEM: stream nem is grouped by " + std::string(grouping)));
    CHECK(remarks_on(plan.streams[0], "begin a new one"));
    CHECK_FALSE(remarks_on(plan.streams[0], "are deleted first"));
  }
  CHECK(deletes(
            cut_plan({job_with("{'metrics': 'power', 'secondary_grouping': 'fueltech_group'}", "2026-11-27T09:30:00")}))
            .size() == 3);
}

TEST_CASE("what is printed is saved before it is used") {
  const auto plan = cut_plan({job_with("{'metrics': 'power'}")});
  CHECK(has_words(advice_of(plan),
                  "Now: save the configuration above as FILE, then openelectricity-stream "
                  "check-config -c FILE --connect, then openelectricity-stream run -c FILE\n"));
}

TEST_CASE("rows of no region, which the old source made of a series' name, are told and taken out") {
  const auto plan = cut_plan(
      {job_with("{'metrics': ['power', 'market_value', 'storage_battery'], 'primary_grouping': 'network_region'}",
                "2026-11-27T09:30:00")});
  CHECK(remarks_on(plan.streams[0], "network_region = 'value'"));
  CHECK(remarks_on(plan.streams[0], "network_region = 'battery'"));
  CHECK(deletes(plan).back() ==
        "DELETE FROM old_table WHERE network_code = 'NEM' AND network_region IN ('value', 'battery');");
  // Grouped twice, the name tells the region; and where another job's rows are called so, they stay.
  const auto twice =
      cut_plan({job_with("{'metrics': ['power', 'market_value'], 'primary_grouping': 'network_region', "
                         "'secondary_grouping': 'fueltech_group'}",
                         "2026-11-27T09:30:00")});
  CHECK_FALSE(remarks_on(twice.streams[0], "'value'"));
  const auto mixed = cut_plan({job_with("{'metrics': ['power', 'market_value', 'storage_battery'], "
                                        "'primary_grouping': 'network_region'}",
                                        "2026-11-27T09:30:00"),
                               job_with("{'metrics': ['market_value']}", "2026-11-27T09:30:00")});
  CHECK(deletes(mixed).back() == "DELETE FROM old_table WHERE network_code = 'NEM' AND network_region IN ('battery');");
  // Without a region they are rows of the whole network, beside those of the other metrics.
  CHECK(remarks_on(mixed.streams[1], "'value' for market_value"));
}

TEST_CASE("two jobs that ask for the same are one stream where they begin alike, and refused where they do not") {
  const auto same = cut_plan({job_with("{'metrics': 'power,energy'}", "2026-11-27T09:30:00", "a.py:3"),
                              job_with("{'metrics': ['energy', 'power']}", "2026-11-27T09:30:00", "a.py:9")});
  REQUIRE(same.streams.size() == 1);
  CHECK(same.remarks == texts{"a.py:3 and a.py:9 ask for the same: one stream, nem."});
  CHECK(refusal_of({job_with("{'metrics': 'power'}", "2026-11-27T09:30:00", "a.py:3"),
                    job_with("{'metrics': 'energy'}", "2026-11-27T09:30:00", "a.py:6"),
                    job_with("{'metrics': 'power'}", "2026-11-26T09:30:00", "a.py:9")}) ==
        "a.py:3 and a.py:9 ask for the same (NEM, power, 5m, without a grouping) but begin at "
        "2026-11-26T09:30:00+10:00 and 2026-11-25T09:30:00+10:00: nothing tells their records apart; leave one of them "
        "out of the options");
  CHECK(has_words(refusal_of({job_with("{'start_hours_ago': 6}"), job_with("{'start_hours_ago': 3}")}),
                  "begin at -6h and -3h"));
}

TEST_CASE("market metrics of two jobs, which are streams of their own, may be the same") {
  const auto plan = cut_plan({job_with("{'metrics': 'power,price'}", "2026-11-27T09:30:00", "a.py:3"),
                              job_with("{'metrics': 'energy,price'}", "2026-11-27T09:30:00", "a.py:9"),
                              job_with("{'metrics': 'price'}", "2026-11-27T09:30:00", "a.py:12")});
  REQUIRE(plan.streams.size() == 3);
  CHECK(plan.streams[0].name == "nem");
  CHECK(plan.streams[1].name == "nem-market");
  CHECK(plan.streams[2].name == "nem-5m");
  CHECK(plan.remarks == texts{"a.py:3 and a.py:9 ask for the same: one stream, nem-market.",
                              "a.py:3 and a.py:12 ask for the same: one stream, nem-market."});
}

TEST_CASE("jobs that kept their progress in one place wrote over one another's: that is told") {
  const auto plan =
      cut_plan({job_with("{'metrics': 'power', 'progress_path': '/tmp/p'}", "2026-11-27T09:30:00", "a.py:3"),
                job_with("{'metrics': 'energy', 'progress_path': '/tmp/p'}", "2026-11-27T09:30:00", "a.py:9")});
  REQUIRE(plan.remarks.size() == 1);
  CHECK(has_words(plan.remarks[0], "a.py:3 and a.py:9 kept their progress in one place (/tmp/p)"));
}

TEST_CASE("a job that stopped before what the plan reaches: what cannot be had again is not deleted") {
  for (const std::string stopped : {"2020-01-01T00:00:00", "2024-11-29T20:00:00", "0001-01-01T00:00:00"}) {
    CAPTURE(stopped);
    const auto plan = cut_plan({job_with("{'metrics': 'power'}", stopped)});
    CHECK(deletes(plan).back() == from("NEM", "2024-11-29T10:05:00+10:00"));
    CHECK(plan.streams[0].start == "2024-11-29T10:05:00+10:00");
    CHECK(remarks_on(plan.streams[0], "where the free plan reaches back to"));
    CHECK(remarks_on(plan.streams[0], "what lies between cannot be had again") == (stopped < "2024-11-29"));
  }
}
