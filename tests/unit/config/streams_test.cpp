// Streams: what they inherit, and options that contradict each other or do less than one would think.
#include <doctest/doctest.h>

#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;
using namespace std::chrono_literals;

namespace {
std::string stream(const std::string& options) { return "streams: [{name: s, " + options + "}]"; }
stream_start start_of(const std::string& options) { return load(stream(options)).config->streams.at(0).start; }
network_time at(std::string_view text) { return parse_network_time(text).value(); }
}  // namespace

TEST_CASE("streams inherit the defaults, option by option, and override them") {
  const auto loaded = load(
      "defaults:\n  metrics: [price, demand]\n  trigger: 15m\n  fueltech: [wind]\n  record: {key: series, headers: "
      "schema}\n"
      "streams:\n  - name: a\n  - name: b\n    network_code: WEM\n    trigger: 1h\n    fueltech: []\n    record: {key: "
      "point}\n");
  REQUIRE(loaded.config);
  const auto& a = loaded.config->streams.at(0);
  const auto& b = loaded.config->streams.at(1);
  CHECK(a.metrics == std::vector<std::string>{"price", "demand"});
  CHECK(b.metrics == a.metrics);
  CHECK(a.trigger == 15min);
  CHECK(b.trigger == 1h);
  CHECK(a.filter.fueltechs == std::vector<std::string>{"wind"});
  CHECK(b.filter.fueltechs.empty());
  CHECK(a.key == record_key_policy::series);
  CHECK(b.key == record_key_policy::point);
  CHECK(b.schema_header);
}

TEST_CASE("without streams the defaults make one, named after its network") {
  const auto loaded = load("defaults: {network_code: WEM, metrics: demand}");
  REQUIRE(loaded.config);
  REQUIRE(loaded.config->streams.size() == 1);
  CHECK(loaded.config->streams[0].name == "wem");
  CHECK(loaded.config->streams[0].net == network::wem);
}

TEST_CASE("a fault in the defaults is told once, where it stands") {
  CHECK(said("defaults:\n  interval: 5min\nstreams: [{name: a, topic: a}, {name: b, topic: b}]\n") ==
        "c.yaml:2:13: error: defaults.interval: unknown value '5min'; did you mean '5m'? Allowed: 5m, 1h, 1d, 7d, 1M, "
        "3M, season, 1y, fy\n");
}

TEST_CASE("names: needed, unique, and of letters that a topic may have") {
  CHECK(has(said("streams: [{metrics: power}]"), "streams[0]: a stream needs a 'name'"));
  CHECK(has(said("streams:\n- {name: a}\n- {name: a, network_code: WEM}"),
            "streams[1].name: two streams are named 'a' (the other on line 2)"));
  CHECK(has(said("streams: [{name: 'a b'}]"), "a name is 1 to 100 letters"));
  CHECK(has(said("streams: [{name: ''}]"), "a name is 1 to 100 letters"));
  CHECK(load("streams: [{name: NEM_5m.x-1}]").config);
}

TEST_CASE("every way to write a start") {
  CHECK(start_of("start: -6h") == stream_start(std::chrono::seconds(6h)));
  CHECK(start_of("start: latest") == stream_start(start_latest{}));
  CHECK(start_of("start: 2026-01-15T10:30:00") == stream_start(at("2026-01-15T10:30:00")));
  CHECK(start_of("start: 2026-01-15 10:30:00") == stream_start(at("2026-01-15T10:30:00")));
  CHECK(start_of("start: 2026-01-15") == stream_start(at("2026-01-15T00:00:00")));
  CHECK(start_of("start: '2026-01-15T00:00:00Z'") == stream_start(at("2026-01-15T10:00:00")));
  CHECK(start_of("start: '2026-01-15T00:00:00Z', network_code: WEM") == stream_start(at("2026-01-15T08:00:00")));
  CHECK(start_of("start: 2026-01-15T10:00:00+08:00") == stream_start(at("2026-01-15T12:00:00")));
  for (const auto* bad : {"6h", "yesterday", "2026-02-30", "2026-1-5", "-6", "LATEST", "-"}) {
    CAPTURE(bad);
    CHECK(has(said(stream("start: '" + std::string(bad) + "'")), "s[0].start: found '"));
  }
}

TEST_CASE("all the metrics of the API pass, a comma text is explained, a repeated one is refused") {
  CHECK(load(stream("metrics: [renewable_with_storage_proportion, flow_exports_energy]")).config);
  CHECK(has(said(stream("metrics: 'power,price'")), "is one text; write a list"));
  CHECK(has(said(stream("metrics: [power, power]")), "streams[0].metrics[1]: 'power' is listed twice"));
  CHECK(has(said(stream("metrics: []")), "streams[0].metrics: the list is empty"));
}

TEST_CASE("a secondary grouping says that market metrics have none") {
  CHECK(has(said(stream("metrics: price, secondary_grouping: fueltech")), "it has no effect on price"));
  CHECK(has(said(stream("metrics: [power, price], fueltech: wind")),
            "streams[0].fueltech: a split by fueltech applies to data metrics only (power); price comes without it"));
  CHECK(said(stream("metrics: power, secondary_grouping: fueltech")).empty());
}

TEST_CASE("AU, season and fy come with warnings, not with faults") {
  for (const auto* option : {"network_code: AU", "interval: season", "interval: fy"}) {
    CAPTURE(option);
    const auto loaded = load(stream(std::string(option) + ", trigger: 1d"));
    CHECK(loaded.config);
    CHECK_FALSE(loaded.problems.empty());
  }
  CHECK(has(said(stream("interval: fy")), "it will reject this"));
}

TEST_CASE("publishing once and publishing the unsettled edge exclude each other") {
  CHECK(has(said(stream("revisions: first, edge: provisional")), "error: streams[0].edge: revisions: first"));
  CHECK(has(said(stream("publish_after: 1h, edge: provisional")), "error: streams[0].publish_after"));
  CHECK(has(said(stream("revisions: first")), "warning: streams[0].revisions"));
  CHECK(has(said(stream("revisions: first, publish_after: 23h")), "warning: streams[0].publish_after"));
  CHECK(said(stream("revisions: first, publish_after: 72h")).empty());
}

TEST_CASE("publishing once and publishing what has no value yet goes with a warning, unless values have settled") {
  const std::string pair = "revisions: first, publish_nulls: true";
  CHECK(has(said(stream(pair)), "warning: streams[0].publish_nulls: with revisions: first"));
  CHECK(said(stream(pair + ", publish_after: 72h")).empty());
  CHECK(said(stream("revisions: all, publish_nulls: true")).empty());
}

TEST_CASE("re-reads are written as people say them") {
  const auto loaded = load(stream("re_read: [1h, 12h every 2h, '72h at 06:00 18:00']"));
  REQUIRE(loaded.config);
  using std::chrono::hours;
  CHECK(loaded.config->streams[0].re_reads ==
        std::vector<re_read>{{hours(1), {}, {}}, {hours(12), hours(2), {}}, {hours(72), {}, {hours(6), hours(18)}}});
  for (const auto* wrong : {"often", "1h each day", "0s", "72h at", "72h at 25:00", "12h every", "12h every 2h 3h"}) {
    CAPTURE(wrong);
    CHECK(has(said(stream(std::string("re_read: ['") + wrong + "']")), "`12h every 2h`"));
  }
}

TEST_CASE("a filter value that the API would answer with no data for ever") {
  CHECK(has(said(stream("network_region: nsw1")), "did you mean 'NSW1'?"));
  CHECK(has(said(stream("fueltech: [wind, Solar_rooftop]")), "'Solar_rooftop' is not known here"));
  CHECK(has(said(stream("fueltech_group: [sun]")), "streams[0].fueltech_group: 'sun'"));
  CHECK(said(stream("network_region: NSW1, fueltech: [wind, solar_rooftop]")).empty());
}

TEST_CASE("batch_size_hours: above zero, fractions allowed, small ones explained") {
  CHECK(load(stream("batch_size_hours: 1")).config->streams[0].batch_size == 1h);
  CHECK(load(stream("batch_size_hours: 0.5")).config->streams[0].batch_size == 30min);
  CHECK(has(said(stream("batch_size_hours: 0")), "must be a number above 0"));
  CHECK(has(said(stream("batch_size_hours: -1")), "must be a number above 0"));
  CHECK(has(said(stream("batch_size_hours: 1, interval: 1d")), "less than one interval of 1d"));
}

TEST_CASE("topics follow Kafka's rules once the template is filled in") {
  CHECK(has(said(stream("topic: 'x/{dataset}'")), "'x/network' is no topic name: '/' is not allowed"));
  CHECK(has(said(stream("topic: '{intervall}'")), "unknown placeholder '{intervall}'; did you mean 'interval'?"));
  CHECK(has(said(stream("topic: '{dataset'")), "'{' without '}'"));
  CHECK(has(said(stream("topic: '..'")), "is no topic name"));
  CHECK(has(said(stream("topic: " + std::string(250, 'a'))), "longer than the 249 characters"));
  CHECK(has(said(stream("topic: openelectricity.progress.openelectricity")), "progress topic"));
  CHECK(has(said("deployment: 'a b'"), "deployment: it must be of letters"));
}

TEST_CASE("two streams whose keys can meet in one topic are refused") {
  const auto two = [](const std::string& a, const std::string& b) {
    return said("streams:\n- {name: a, " + a + "}\n- {name: b, " + b + "}\n");
  };
  CHECK(has(two("metrics: power", "metrics: [price, power]"),
            "c.yaml:3:3: error: streams[1]: its power would get the same keys as stream 'a' (line 2) in topic "
            "'openelectricity.network.5m.v1'"));
  CHECK(has(two("primary_grouping: network_region", "network_region: NSW1"), "same keys"));
  CHECK(has(two("secondary_grouping: fueltech", "fueltech: [wind]"), "same keys"));
  CHECK(has(two("fueltech: [wind, hydro]", "fueltech: [hydro]"), "same keys"));
  CHECK_FALSE(has(two("fueltech: [wind]", "fueltech: [hydro]"), "same keys"));
  CHECK_FALSE(has(two("network_region: VIC1", "network_region: NSW1"), "same keys"));
  CHECK_FALSE(has(two("metrics: power", "metrics: energy"), "same keys"));
  CHECK_FALSE(has(two("metrics: power", "network_code: WEM"), "same keys"));
  CHECK_FALSE(has(two("metrics: power", "interval: 1h"), "same keys"));
  CHECK_FALSE(has(two("metrics: power", "topic: other"), "same keys"));
  CHECK(has(two("metrics: power, record: {shape: wide}", "metrics: energy, record: {shape: wide}"), "same keys"));
}

TEST_CASE("a topic that is named after the metric is looked at by its whole name") {
  CHECK(has(
      said("streams:\n- {name: a, topic: 'X.{metric}', metrics: price}\n- {name: b, topic: X.price, metrics: price}\n"),
      "in topic 'X.price'"));
  CHECK_FALSE(has(said(stream("topic: '{metric}'")), "a topic's name is empty"));
  CHECK(has(said(stream("metrics: power, topic: '" + std::string(245, 'a') + "{metric}'")), "longer than the 249"));
  CHECK_FALSE(has(said("streams:\n- {name: a, topic: 'oe.{metric}', metrics: power, primary_grouping: network_region}\n"
                       "- {name: b, topic: 'oe.{metric}', metrics: energy}\n"),
                  "gets records grouped by"));
  CHECK(has(said("deployment: power\nstreams: [{name: a, metrics: power, topic: 'openelectricity.progress.{metric}'}]"),
            "progress topic"));
}

TEST_CASE("metrics that are newer than this release pass through by name, with a warning") {
  const auto loaded = load(stream("metrics: [power, inertia, data/heat_rate, market/powr, data/demand_gross]") +
                           "\nbudget: {plan: ENTERPRISE}");
  REQUIRE(loaded.config);
  const auto parts = parts_of(loaded.config->streams[0]);
  REQUIRE(parts.size() == 5);
  CHECK(parts[1].name == "inertia");
  CHECK(parts[1].from == endpoint::market);
  CHECK(parts[2].name == "heat_rate");
  CHECK(parts[2].from == endpoint::data);
  CHECK(parts[4].metrics == std::vector<std::string>{"demand_gross"});
  CHECK(parts[4].from == endpoint::data);
  REQUIRE(lines(loaded).size() == 3);
  CHECK(lines(loaded)[0] ==
        "c.yaml:1:38: warning: streams[0].metrics: 'inertia' is no metric that this release knows; it is asked of "
        "market/network by that name, and the API rejects the request if it has none (data/inertia asks data/network)");
  CHECK(has(lines(loaded)[1], "'heat_rate' is no metric that this release knows; it is asked of data/network"));
  CHECK(has(lines(loaded)[2], "did you mean 'power'?"));
}

TEST_CASE("a metric's name becomes a column, so it cannot be just anything") {
  for (const auto* name : {"interval", "version", "Heat-Rate", "heat rate", "data/", "power|x", "facility/heat_rate"}) {
    CAPTURE(name);
    CHECK(has(said(stream("metrics: ['" + std::string(name) + "']")), "error: streams[0].metrics[0]: unknown metric"));
  }
}

TEST_CASE("one metric named in two ways would be published twice") {
  CHECK(has(said(stream("metrics: [power, data/power]")), "same keys as other records of it"));
  CHECK(load(stream("metrics: [power, data/power], record: {shape: wide}")).config);
}

TEST_CASE("wide records: the metrics of one endpoint, and no {metric} in the topic") {
  CHECK(load(stream("metrics: [power, energy], record: {shape: wide}")).config);
  CHECK(has(said(stream("metrics: [power, price, energy], record: {shape: wide}")),
            "error: streams[0].record.shape: a wide record holds the metrics of one endpoint: power, energy come from "
            "data/network, price from market/network; make two streams of them"));
  CHECK(said(stream("metrics: power, topic: 'x.{metric}', record: {shape: wide}")) ==
        "c.yaml:1:44: error: streams[0].topic: a wide record has all metrics of its stream: {metric} stands for none "
        "of them\n");
}

TEST_CASE("two groupings in one topic are warned about, for the 22 columns cannot tell them apart") {
  const auto text = said(
      "streams:\n- {name: total, metrics: power}\n- {name: fuel, metrics: power, secondary_grouping: fueltech}\n"
      "- {name: west, network_code: WEM, metrics: power, primary_grouping: network_region, trigger: 1h}\n",
      {{"OPENELECTRICITY_API_KEY", "k"}, {"KAFKA_BOOTSTRAP_SERVERS", "a:1"}});
  CHECK(has(text,
            "warning: streams[1].topic: topic 'openelectricity.network.5m.v1' gets records grouped by fueltech 5m "
            "here and by total 5m from stream 'total'"));
  CHECK_FALSE(has(text, "streams[2].topic"));
}

TEST_CASE("triggers that cost more than the day's credits: the numbers are stated") {
  const std::string three =
      "streams:\n- {name: a, metrics: [power, price]}\n- {name: b, network_code: WEM, metrics: demand}\n";
  CHECK(said(three) ==
        "c.yaml: warning: budget: the triggers want 864 requests a day (3 request groups), plan COMMUNITY (unless the "
        "key's plan is better) has 500 credits a day and budget.share 0.9 of them is 450: polls will "
        "come about 2 times less often than wanted; data arrives later, never less\n");
  CHECK(said(three + "budget: {plan: ACADEMIC}").empty());
  CHECK(said(three + "budget: {plan: ENTERPRISE}").empty());
  CHECK(has(said(three + "budget: {credits_per_day: 900}"), "budget.credits_per_day has 900 credits a day"));
  CHECK(said(three + "budget: {credits_per_day: 960}").empty());
  CHECK(said(three + "defaults: {trigger: 15m}").empty());
}

TEST_CASE("F: a poll that takes more requests together than a day's share of credits is told") {
  const std::string units = "streams:\n- {name: a, metrics: power, facility_code: all, trigger: 1d, interval: 1d}\n";
  CHECK(has(said(units + "budget: {credits_per_day: 10}"),
            "warning: streams[0].facility_code: a poll takes about 15 requests, one for every 30 facilities, which go "
            "together, and the daemon's share of a day is 9 credits: it is never made"));
  CHECK_FALSE(has(said(units + "budget: {credits_per_day: 100}"), "go together"));
  CHECK_FALSE(has(said("streams: [{name: a, metrics: power}]\nbudget: {credits_per_day: 10}"), "go together"));
}

TEST_CASE("what is read again in windows of its own is counted: small requests make many of them") {
  const auto one = [](const std::string& more) {
    return said("budget: {plan: COMMUNITY}\nstreams:\n- {name: a, metrics: power, " + more + "}\n");
  };
  CHECK(one("batch_size_hours: 96").empty());
  // 12 h every two hours, 72 h daily, and the hour that has no room in a poll's request each hour.
  CHECK(has(one("batch_size_hours: 1"), "the triggers want 528 requests a day"));
  CHECK(has(one("batch_size_hours: 1, trigger: 1d"), "requests a day") == false);
  CHECK(has(one("re_read: ['200h every 5m']"), "the triggers want 576 requests a day"));
}

TEST_CASE("streams that ask the same travel in one request, and are counted once") {
  CHECK(said("streams:\n- {name: a, metrics: power}\n- {name: b, metrics: energy}\n").empty());
}

TEST_CASE("windows and history beyond the plan will be clipped") {
  CHECK(has(said(stream("batch_size_hours: 240")), "it will be clipped to 192 (8 days)"));
  CHECK(said(stream("batch_size_hours: 240") + "\nbudget: {plan: ACADEMIC}").empty());
  CHECK(has(said(stream("start: -800d")), "serves the last 730 days only"));
}

TEST_CASE("a stream with a refused value draws no guesses about what it would do") {
  CHECK(said("streams:\n- {name: a}\n- {name: b, metrics: [powr]}\nbudget: {credits_per_day: 290, share: 1}") ==
        "c.yaml:3:23: error: streams[1].metrics[0]: unknown metric 'powr'; did you mean 'power'? (A newer one is "
        "written with its endpoint: data/powr or market/powr)\n");
}

TEST_CASE(
    "F7: what check-config counts is what the daemon groups: streams that differ in how they are read do not travel") {
  const auto wants = [](const std::string& second) {
    const std::string seven =
        "budget: {plan: COMMUNITY}\ndefaults: {metrics: power, trigger: 5m}\nstreams:\n"
        "- {name: a, topic: a}\n- {name: b, topic: b, " +
        second + "}\n";
    return said(seven);
  };
  for (const auto* const other :
       {"edge: provisional", "batch_size_hours: 96", "publish_after: 1h", "re_read: [2h]", "network_region: NSW1",
        "interval: 5m, network_code: WEM", "record: {shape: wide}", "secondary_grouping: fueltech"}) {
    CAPTURE(other);
    CHECK(has(wants(other), "576 requests a day (2 request groups)"));
  }
  // These travel together: 288 are fewer than 450.
  for (const auto* const same : {"publish_nulls: true", "start: -2h", "priority: 1", "metrics: energy"}) {
    CAPTURE(same);
    CHECK_FALSE(has(wants(same), "requests a day"));
  }
}

TEST_CASE("F7: a trigger that is faster than the interval costs what the interval costs") {
  const std::string hourly =
      "budget: {plan: COMMUNITY}\ndefaults: {metrics: power, interval: 1h, trigger: 5m}\n"
      "streams: [{name: a, topic: a}, {name: b, topic: b, network_code: WEM}]\n";
  CHECK_FALSE(has(said(hourly), "requests a day"));
}
