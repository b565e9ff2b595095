// From old jobs to streams, and the traps on the way.
#include <doctest/doctest.h>

#include "migrate/migration.hpp"

using namespace oes;

namespace {

// 2026-11-28 10:02:30 in NEM.
const utc_time now = *parse_utc("2026-11-28T00:02:30Z");

migrated_job of(std::string_view options, std::string_view progress = "") {
  const auto sets = find_option_sets(options);
  REQUIRE(sets.has_value());
  auto read = read_old_job(sets->front(), "options");
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().context));
  return {*read, progress.empty() ? std::nullopt : parse_network_time(progress)};
}

migration plan_of(std::vector<migrated_job> jobs, old_batch_size batch = old_batch_size::left_out) {
  auto plan = plan_migration({std::move(jobs), now, batch});
  REQUIRE_MESSAGE(plan.has_value(), (plan ? "" : plan.error().context));
  return *plan;
}

bool tells(const migrated_stream& one, std::string_view words) {
  for (const auto& remark : one.remarks) {
    if (remark.find(words) != std::string::npos) return true;
  }
  return false;
}

bool holds(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("a progress file: the stream begins a day before it, at a label") {
  const auto plan = plan_of({of("{'metrics': 'power'}", "2026-11-27T09:31:10")});
  const auto& one = plan.streams.at(0);
  CHECK(one.name == "nem");
  CHECK(one.start == "2026-11-26T09:30:00+10:00");
  CHECK(tells(one, "one day before 2026-11-27T09:31:10+10:00"));
  CHECK(tells(one, "hides holes"));
  CHECK_FALSE(tells(one, "future"));
  CHECK_FALSE(one.wide);
}

TEST_CASE("a progress file in the future is taken as now, and said") {
  const auto plan = plan_of({of("{'metrics': 'power', 'network_code': 'WEM'}", "2030-01-01T00:00:00")});
  const auto& one = plan.streams.at(0);
  CHECK(one.start == "2026-11-27T08:00:00+08:00");
  CHECK(tells(one, "2030-01-01T00:00:00+08:00, which lies 1129 days in the future"));
  CHECK(tells(one, "SELECT max(interval) FROM old_table WHERE network_code = 'WEM'"));
  const auto advice = migration_advice(plan, {{"t"}, 288}, "new.yaml");
  CHECK(holds(advice,
              "openelectricity-stream backfill -c new.yaml --stream wem --from 2026-11-19T08:00:00+08:00 --to "
              "2026-11-27T08:00:00+08:00\n"));
}

TEST_CASE("what the plan cannot fetch again is not deleted: holes are filled as far back as it reaches") {
  const auto plan = plan_of({of("{'metrics': 'power', 'start_time': '2024-01-15T00:00:00'}", "2026-11-27T09:31:10")});
  const auto& one = plan.streams.at(0);
  REQUIRE(one.cut);
  CHECK(one.cut->hole_since == *parse_network_time("2024-11-29T10:05:00"));
  CHECK(tells(one, "rows of the old table before that cannot be had again"));
  const auto near = plan_of({of("{'metrics': 'power', 'start_time': '2026-01-15T00:00:00'}", "2026-11-27T09:31:10")});
  CHECK(near.streams.at(0).cut->hole_since == *parse_network_time("2026-01-15T00:00:00"));
}

TEST_CASE("without a progress file nobody knows where the old table ends, whatever start is given") {
  for (const auto* start : {"", ", 'start_time': '2024-01-15T00:00:00'", ", 'start_hours_ago': 6"}) {
    const auto plan = plan_of({of("{'metrics': 'power'" + std::string(start) + "}")});
    CHECK(tells(plan.streams.at(0), "migrate again with its progress.json"));
  }
}

TEST_CASE("without progress it begins where the options say") {
  CHECK(plan_of({of("{'start_hours_ago': 6}")}).streams[0].start == "-6h");
  CHECK(plan_of({of("{'start_hours_ago': 0.5}")}).streams[0].start == "-30m");
  CHECK(plan_of({of("{'start_hours_ago': 100000}")}).streams[0].start == "2015-07-02T18:00:00+10:00");
  CHECK(plan_of({of("{'start_time': '2026-01-15T10:32:00'}")}).streams[0].start == "2026-01-15T10:30:00+10:00");
  const auto late = plan_of({of("{'start_time': '2027-01-15T10:32:00'}")});
  CHECK(late.streams[0].start == "2026-11-28T10:00:00+10:00");
  CHECK(tells(late.streams[0], "lies in the future"));
  const auto none = plan_of({of("{'metrics': 'power'}")});
  CHECK(none.streams[0].start == "-24h");
  CHECK(tells(none.streams[0], "--progress FILE"));
  CHECK_FALSE(none.streams[0].cut.has_value());
}

TEST_CASE("several metrics were one wide row; market metrics are a stream of their own") {
  const auto plan =
      plan_of({of("{'metrics': ['power', 'price', 'energy', 'demand'], 'secondary_grouping': 'fueltech'}")});
  REQUIRE(plan.streams.size() == 2);
  CHECK(plan.streams[0].wide);
  CHECK(plan.streams[0].metrics == std::vector<std::string>{"power", "energy"});
  CHECK(plan.streams[0].secondary == secondary_grouping::fueltech);
  CHECK(tells(plan.streams[0], "whichever fueltech came last"));
  CHECK(plan.streams[1].name == "nem-market");
  CHECK(plan.streams[1].metrics == std::vector<std::string>{"price", "demand"});
  CHECK(plan.streams[1].secondary == secondary_grouping::none);
  CHECK(tells(plan.streams[1], "refuses them"));
  CHECK(tells(plan.streams[1], "secondary_grouping fueltech is left out"));
  const auto alone = plan_of({of("{'metrics': 'price', 'secondary_grouping': 'fueltech'}")});
  CHECK(tells(alone.streams.at(0), "secondary_grouping fueltech is left out"));
  CHECK_FALSE(tells(alone.streams.at(0), "Grouped by"));
}

TEST_CASE("networks share a topic, other groupings do not") {
  const auto plan = plan_of({of("{'network_code': 'NEM'}"), of("{'network_code': 'WEM'}"),
                             of("{'network_code': 'NEM', 'primary_grouping': 'network_region'}"),
                             of("{'network_code': 'NEM', 'interval': '1h'}")});
  REQUIRE(plan.streams.size() == 4);
  CHECK_FALSE(plan.streams[1].own_topic);
  CHECK(plan.streams[2].name == "nem-5m");
  CHECK(plan.streams[2].own_topic);
  CHECK(plan.streams[3].name == "nem-1h");
  CHECK_FALSE(plan.streams[3].own_topic);
}

TEST_CASE("two years in batches of an hour: what it would cost is said, and the key left out") {
  const std::string_view options = "{'start_time': '2024-11-28', 'batch_size_hours': 1}";
  const auto plan = plan_of({of(options)});
  CHECK(tells(plan.streams[0],
              "would take 17531 requests, each a credit; in the largest windows that the plan allows "
              "it takes 92"));
  CHECK_FALSE(holds(configuration_text(plan, ""), "    batch_size_hours"));
  const auto kept = plan_of({of(options)}, old_batch_size::kept);
  CHECK(holds(configuration_text(kept, ""), "    batch_size_hours: 1\n"));
  CHECK(tells(kept.streams[0], "17531 requests"));
}

TEST_CASE("the cut-over deletes exactly what is published again") {
  const auto plan = plan_of({of("{'metrics': ['power', 'energy']}", "2026-11-27T09:30:00")});
  const auto advice = migration_advice(plan, {{"a", "b"}, 288}, "");
  CHECK(holds(advice, ".option(\"subscribe\", \"a,b\")"));
  CHECK(holds(advice, "about 288"));
  CHECK(holds(advice, "DELETE FROM old_table WHERE interval IS NULL;"));
  CHECK(
      holds(advice,
            "DELETE FROM old_table WHERE network_code = 'NEM' AND interval >= TIMESTAMP '2026-11-26T09:30:00+10:00';"));
}

TEST_CASE("where the table hides a hole, all begins there: one start, one DELETE, no backfill") {
  const migration_input input{{of("{'metrics': ['power', 'energy']}", "2026-11-27T09:30:00")},
                              now,
                              old_batch_size::left_out,
                              "2026-11-20T06:02:00"};
  const auto plan = plan_migration(input);
  REQUIRE_MESSAGE(plan.has_value(), (plan ? "" : plan.error().context));
  const auto& one = plan->streams.at(0);
  CHECK(one.start == "2026-11-20T06:00:00+10:00");
  CHECK(tells(one, "as asked (--since)"));
  CHECK(tells(one, "takes 2 requests"));
  const auto advice = migration_advice(*plan, {{"a"}, 288}, "");
  CHECK(holds(advice, "network_code = 'NEM' AND interval >= TIMESTAMP '2026-11-20T06:00:00+10:00';"));
  CHECK_FALSE(holds(advice, "backfill"));
}

TEST_CASE("a start that would leave a hole, delete what is gone for good, or mean nothing is refused") {
  const auto refused = [](const migrated_job& job, const std::string& since) {
    const auto plan = plan_migration({{job}, now, old_batch_size::left_out, since});
    return plan ? std::string() : plan.error().context;
  };
  const auto job = of("{'metrics': 'power'}", "2026-11-27T09:30:00");
  CHECK(refused(job, "2026-11-26T09:30:00").empty());
  CHECK(refused(job, "2026-11-25T23:30:00Z").empty());
  CHECK(holds(refused(job, "2026-11-26T09:35:00"), "it lies after 2026-11-26T09:30:00+10:00"));
  CHECK(holds(refused(job, "2020-01-01"), "the free plan reaches back to 2024-11-29T10:05:00+10:00"));
  CHECK(holds(refused(job, "yesterday"), "no time like"));
  CHECK(holds(refused(of("{'metrics': 'power'}"), "2026-11-25"), "is for jobs with a progress file"));
}

TEST_CASE("the file holds no key, and what it says of a base_url") {
  const auto plan =
      plan_of({of("{'api_key': 'oe_secret', 'base_url': 'https://other.example/v4/', 'network_code': 'NEM'}")});
  const auto text = configuration_text(plan, "now");
  CHECK_FALSE(holds(text, "oe_secret"));
  CHECK(holds(text, "${OPENELECTRICITY_API_KEY:-}"));
  CHECK(holds(text, "base_url: \"https://other.example/v4\"\n"));
  CHECK_FALSE(plan_migration({{of("{'base_url': 'https://a.example'}"), of("{'base_url': 'https://b.example'}")},
                              now,
                              old_batch_size::left_out})
                  .has_value());
}

TEST_CASE("of several jobs only some have a progress file") {
  const auto plan = plan_of({of("{'network_code': 'NEM'}", "2026-11-27T09:30:00"), of("{'metrics': 'energy'}"),
                             of("{'network_code': 'WEM'}", "2026-11-27T09:30:00"),
                             of("{'network_code': 'NEM', 'interval': '1h'}", "2026-11-27T09:30:00")});
  const auto advice = migration_advice(plan, {{"t"}, 288}, "it's new.yaml");
  CHECK(holds(advice, "network_code = 'WEM' AND interval >= TIMESTAMP '2026-11-26T09:30:00+08:00'"));
  CHECK(holds(advice, "backfill -c 'it'\\''s new.yaml' --stream wem "));
  CHECK_FALSE(holds(advice, "--stream nem"));
}

TEST_CASE("what an old option says stays what it says in the new file") {
  const auto plan = plan_of({of(R"({'base_url': 'https://a.example/v4?x="y" #${HOME}\\z'})")});
  CHECK(holds(configuration_text(plan, ""), R"(  base_url: "https://a.example/v4?x=\"y\" #$${HOME}\\z")"
                                            "\n"));
}
