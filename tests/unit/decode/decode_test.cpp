#include "decode/decode.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fixture.hpp"

using namespace oes;
using oes::test::answered;
using oes::test::fixture_body;

namespace {

// An answer with one block and one series, in which the caller chooses columns and points.
std::string one_series(const std::string& points, const std::string& columns = "{}") {
  return R"({"version":"4","success":true,"data":[{"network_code":"NEM","metric":"power","unit":"MW","interval":"5m",)"
         R"("results":[{"name":"power_total","columns":)" +
         columns + R"(,"data":)" + points + R"(}],"network_timezone_offset":"+10:00"}]})";
}

time_series_answer understood(std::string body, network net = network::nem) {
  return decode(answered(std::move(body)), net).value();
}

std::string complaint(std::string body) {
  const auto decoded = decode(answered(std::move(body)), network::nem);
  REQUIRE(decoded.has_error());
  CHECK(decoded.error().code == errc::malformed);
  return decoded.error().context;
}

network_time at(std::string_view text) { return parse_network_time(text).value(); }

}  // namespace

TEST_CASE("regions and fueltechs become labels, whatever the series are called") {
  const auto answer = understood(fixture_body("data_region_fueltech"));
  REQUIRE(answer.blocks.size() == 5);
  CHECK(answer.blocks[0].metric == "power");
  CHECK(answer.blocks[0].unit == "MW");
  CHECK(answer.blocks[3].metric == "market_value");
  CHECK(answer.blocks[3].unit == "$");
  const auto& all = answer.blocks[0].all;
  REQUIRE(all.size() > 5);
  for (std::size_t i = 0; i < all.size(); ++i) {
    REQUIRE(all[i].labels.size() == 2);
    CHECK(all[i].labels[0].first == "fueltech");
    CHECK(all[i].labels[1].first == "region");
    if (i > 0) CHECK(all[i - 1].labels < all[i].labels);
  }
  for (const auto& block : answer.blocks) CHECK(block.conflicting.count == 0);
  CHECK(answer.received_at == answered("").received_at);
}

TEST_CASE("a renewable series is labelled true or false, not True or False") {
  const auto answer = understood(fixture_body("data_renewable"));
  const auto& labels = answer.blocks.at(0).all.at(0).labels;
  REQUIRE(labels.size() == 2);
  CHECK(labels[1].first == "renewable");
  CHECK((labels[1].second == "true" || labels[1].second == "false"));
}

TEST_CASE("nulls inside a series are points without a number") {
  const auto answer = understood(fixture_body("data_null_vic_wind"));
  const auto& points = answer.blocks.at(0).all.at(0).points;
  REQUIRE(points.size() == 10);
  CHECK(points[0].label == at("2026-11-21T09:20:00"));
  CHECK(answer.text(points[0]) == "597.1397");
  CHECK(points[2].is_null());
  CHECK(answer.text(points[2]).empty());
  CHECK(answer.text(points[9]) == "594.6897");
}

TEST_CASE("a metric asked for twice is one block, and equal values collapse") {
  const auto answer = understood(fixture_body("data_dup_metric"));
  REQUIRE(answer.blocks.size() == 1);
  REQUIRE(answer.blocks[0].all.size() == 1);
  CHECK(answer.blocks[0].all[0].points.size() == 12);
  for (const auto& block : answer.blocks) CHECK(block.conflicting.count == 0);
}

TEST_CASE("every recorded answer is understood") {
  for (const auto* name : {"data_1M", "data_7d", "data_default", "data_edge_explicit_future", "data_gap_SA1",
                           "data_region_ftgroup", "data_region_only", "data_status", "fac_gap_interior", "fac_units",
                           "market_filter_region_only", "market_network", "market_price_null", "market_region"}) {
    CAPTURE(name);
    const auto answer = understood(fixture_body(name));
    REQUIRE_FALSE(answer.blocks.empty());
    for (const auto& block : answer.blocks) CHECK_FALSE(block.all.empty());
  }
  CHECK(understood(fixture_body("data_wem"), network::wem).blocks.size() == 2);
  CHECK(understood(fixture_body("market_wem"), network::wem).blocks.size() == 2);
  CHECK(understood(fixture_body("data_au"), network::au).blocks.size() == 1);
  CHECK(understood(fixture_body("data_au_5m"), network::au).blocks.size() == 1);
}

TEST_CASE("numbers pass through to the last character") {
  const auto answer = understood(
      one_series(R"([["2026-11-23T10:05:00+10:00",1.50],["2026-11-23T10:10:00+10:00",-0.0],)"
                 R"(["2026-11-23T10:15:00+10:00",12345678901234567890123456],["2026-11-23T10:20:00+10:00",1e-7],)"
                 R"(["2026-11-23T10:25:00+10:00",0.12345678901234567890123456789012345678901234567890],)"
                 R"( [ "2026-11-23T10:30:00+10:00" , -1.5E+3 ] ,["2026-11-23T10:35:00+10:00",0]])"));
  const auto& points = answer.blocks.at(0).all.at(0).points;
  REQUIRE(points.size() == 7);
  CHECK(answer.text(points[0]) == "1.50");
  CHECK(answer.text(points[1]) == "-0.0");
  CHECK(answer.text(points[2]) == "12345678901234567890123456");
  CHECK(answer.text(points[3]) == "1e-7");
  CHECK(answer.text(points[4]) == "0.12345678901234567890123456789012345678901234567890");
  CHECK(answer.text(points[5]) == "-1.5E+3");
  CHECK(answer.text(points[6]) == "0");
}

TEST_CASE("a label in another spelling is the same instant on the network's clock") {
  const auto answer = understood(one_series(
      R"([["2026-11-23T00:05:00Z",1],["2026-11-23T08:10:00+08:00",2],["2026-11-23T10:15:00.000+10:00",3]])"));
  const auto& points = answer.blocks.at(0).all.at(0).points;
  REQUIRE(points.size() == 3);
  CHECK(points[0].label == at("2026-11-23T10:05:00"));
  CHECK(points[1].label == at("2026-11-23T10:10:00"));
  CHECK(points[2].label == at("2026-11-23T10:15:00"));
}

TEST_CASE("a label across midnight, a leap day and a year's end") {
  const auto answer = understood(
      one_series(R"([["2024-02-29T23:55:00+10:00",1],["2024-03-01T00:00:00+10:00",2],["2024-12-31T23:55:00+10:00",3],)"
                 R"(["2025-01-01T00:00:00+10:00",4]])"));
  const auto& points = answer.blocks.at(0).all.at(0).points;
  CHECK(points[1].label - points[0].label == std::chrono::minutes(5));
  CHECK(points[3].label - points[2].label == std::chrono::minutes(5));
}

TEST_CASE("points out of order are sorted, and of differing duplicates the least is kept and counted") {
  const auto answer = understood(one_series(
      R"([["2026-11-23T10:10:00+10:00",1],["2026-11-23T10:05:00+10:00",2],["2026-11-23T10:10:00+10:00",1.0],)"
      R"(["2026-11-23T10:05:00+10:00",3],["2026-11-23T10:05:00+10:00",null]])"));
  const auto& points = answer.blocks.at(0).all.at(0).points;
  REQUIRE(points.size() == 2);
  CHECK(points[0].label == at("2026-11-23T10:05:00"));
  CHECK(answer.text(points[0]) == "2");
  CHECK(answer.text(points[1]) == "1");
  CHECK(answer.blocks[0].conflicting.count == 2);
  CHECK(answer.blocks[0].conflicting.example == at("2026-11-23T10:05:00"));
}

TEST_CASE("two series with the same labels are one") {
  const auto answer = understood(
      R"({"data":[{"metric":"price","unit":"$/MWh","results":[)"
      R"({"columns":{"region":"WEMDE"},"data":[["2026-11-23T10:05:00+10:00",1],["2026-11-23T10:10:00+10:00",2]]},)"
      R"({"columns":{"region":"WEMDE"},"data":[["2026-11-23T10:10:00+10:00",5],["2026-11-23T10:15:00+10:00",6]]}]}]})");
  REQUIRE(answer.blocks.at(0).all.size() == 1);
  const auto& points = answer.blocks[0].all[0].points;
  REQUIRE(points.size() == 3);
  CHECK(answer.text(points[1]) == "2");
  CHECK(answer.blocks[0].conflicting.count == 1);
}

TEST_CASE("which of several values of a point is taken does not hang on their order") {
  std::vector<std::string> values{"17", "16.5", "null", "-3", "1e0", "1.0", "1", "-3.0"};
  std::sort(values.begin(), values.end());
  for (int round = 0; round < 200; ++round) {
    std::string points, results;
    for (const auto& value : values) {
      const std::string point = R"(["2026-11-23T10:05:00+10:00",)" + value + "]";
      points += (points.empty() ? "" : ",") + point;
      results += (results.empty() ? "" : ",") + (R"({"columns":{},"data":[)" + point + "]}");
    }
    for (const auto& body :
         {one_series("[" + points + "]"), R"({"data":[{"metric":"power","unit":"MW","results":[)" + results + "]}]}"}) {
      const auto answer = understood(body);
      REQUIRE(answer.blocks.at(0).all.size() == 1);
      REQUIRE(answer.blocks[0].all[0].points.size() == 1);
      CHECK(answer.text(answer.blocks[0].all[0].points[0]) == "-3");
    }
    std::next_permutation(values.begin(), values.end());
  }
}

namespace {

// Of a stream by region and fueltech.
std::string labels_left(const std::string& results) {
  group_identity id;
  id.primary = primary_grouping::network_region;
  id.secondary = secondary_grouping::fueltech;
  const auto answer = decode(answered(R"({"data":[{"metric":"power","unit":"MW","results":[)" + results + "]}]}"),
                             expected_answer{network::nem, interval_size::m5, {"power"}, labels_of(id)})
                          .value();
  std::string out;
  for (const auto& one : answer.blocks.at(0).all) {
    for (const auto& [name, value] : one.labels) out.append(name).append("=").append(value).append(",");
    out += std::to_string(one.points.size()) + " ";
  }
  const auto& block = answer.blocks[0];
  return out + "unasked " + std::to_string(block.unasked_series) + "/" + std::to_string(block.unasked.count);
}

}  // namespace

TEST_CASE("a series with other labels than were asked for is left out and counted") {
  const std::string two = R"("data":[["2026-11-23T10:05:00+10:00",1],["2026-11-23T10:10:00+10:00",2]]})";
  const std::string good = R"({"columns":{"fueltech":"wind","region":"NSW1"},)" + two;
  CHECK(labels_left(good) == "fueltech=wind,region=NSW1,2 unasked 0/0");
  CHECK(labels_left(good + R"(,{"columns":{"fueltech":"wind"},)" + two) == "fueltech=wind,region=NSW1,2 unasked 1/2");
  CHECK(labels_left(R"({"columns":{},)" + two + R"(,{"columns":{"network_region":"NSW1","fueltech":"wind"},)" + two) ==
        "unasked 2/4");
  CHECK(labels_left(R"({"columns":{"fueltech":"wind","region":"NSW1","status":"operating"},)" + two) == "unasked 1/2");
  // What nobody knows is no grouping, and null is a label: of what has no fueltech.
  CHECK(labels_left(R"({"columns":{"fueltech":"wind","region":"NSW1","zone":"a"},)" + two) ==
        "fueltech=wind,region=NSW1,zone=a,2 unasked 0/0");
  CHECK(labels_left(R"({"columns":{"fueltech":null,"region":"NSW1"},)" + two) == "region=NSW1,2 unasked 0/0");
}

TEST_CASE("what we do not know is left alone, unknown labels are kept") {
  const auto answer = understood(
      R"({"new":{"data":[1,{"a":[[]]}]},"data":[{"metric":"power","unit":"MW","future":[{"results":[7]}],"results":[)"
      R"({"extra":[1,2],"columns":{"zone":"\u00e4\"b","tier":2,"live":true,"none":null},"data":[]}]}],"x":1e5})");
  const auto& labels = answer.blocks.at(0).all.at(0).labels;
  const series_labels expected{{"live", "true"}, {"tier", "2"}, {"zone", "\xC3\xA4\"b"}};
  CHECK(labels == expected);
}

TEST_CASE("slices of any size give what one go gives") {
  for (const auto* name : {"data_null_vic_wind", "data_dup_metric", "market_region"}) {
    CAPTURE(name);
    const auto whole = understood(fixture_body(name));
    for (const std::size_t slice : {1UL, 2UL, 3UL, 7UL, 1000UL}) {
      decoder one(answered(fixture_body(name)), network::nem);
      std::size_t slices = 0;
      for (;; ++slices) {
        const auto finished = one.advance(slice);
        REQUIRE(finished.has_value());
        if (*finished) break;
      }
      if (slice == 1) CHECK(slices > 20);
      const auto sliced = one.take();
      REQUIRE(sliced.blocks.size() == whole.blocks.size());
      for (std::size_t b = 0; b < whole.blocks.size(); ++b) {
        REQUIRE(sliced.blocks[b].all.size() == whole.blocks[b].all.size());
        for (std::size_t s = 0; s < whole.blocks[b].all.size(); ++s) {
          const auto& left = sliced.blocks[b].all[s];
          const auto& right = whole.blocks[b].all[s];
          CHECK(left.labels == right.labels);
          REQUIRE(left.points.size() == right.points.size());
          for (std::size_t p = 0; p < left.points.size(); ++p) {
            CHECK(left.points[p].label == right.points[p].label);
            CHECK(sliced.text(left.points[p]) == whole.text(right.points[p]));
          }
        }
      }
    }
  }
}

TEST_CASE("an answer for another network or interval is malformed, a metric nobody asked for is left out") {
  const auto ask = [](expected_answer expected) {
    return decode(answered(fixture_body("data_null_vic_wind")), std::move(expected));
  };
  CHECK(ask({network::nem, interval_size::m5, {"power", "energy", "emissions"}}).value().blocks.size() == 3);
  CHECK(ask({network::nem, interval_size::m5, {"energy"}}).value().blocks.size() == 1);
  CHECK(ask({network::wem, interval_size::m5, {}}).error().code == errc::malformed);
  CHECK(ask({network::nem, interval_size::h1, {}}).error().code == errc::malformed);
}

TEST_CASE(
    "what is not an answer of the API is malformed, and the complaint says what and where, never what was in it") {
  const std::string good = one_series(R"([["2026-11-23T10:05:00+10:00",1.5]])");
  CHECK(complaint("").find("at byte 0 of 0") != std::string::npos);
  CHECK(complaint("<html>502 Bad Gateway</html>").find("Bad") == std::string::npos);
  CHECK(complaint("[]").find("not an object") != std::string::npos);
  CHECK(complaint("{}").find("no data") != std::string::npos);
  CHECK(complaint(R"({"success":true})").find("no data") != std::string::npos);
  CHECK(complaint(R"({"success":false,"data":[]})").find("success: false") != std::string::npos);
  CHECK(complaint(good + "x").find("more after its end") != std::string::npos);
  CHECK(complaint(good + good).find("more after its end") != std::string::npos);
  CHECK(complaint(good + std::string("\0", 1)).find("more after its end") != std::string::npos);
  CHECK(complaint(R"({"data":{}})").find("data is not an array") != std::string::npos);
  CHECK(complaint(R"({"data":[{"unit":"MW","results":[]}]})").find("lacks its metric") != std::string::npos);
  CHECK(complaint(R"({"data":[{"metric":"power","unit":"MW"}]})").find("no results") != std::string::npos);
  CHECK(complaint(one_series("[]", "[]")).find("columns are not an object") != std::string::npos);
  CHECK(complaint(one_series("[]", R"({"region":{}})")).find("label") != std::string::npos);
  CHECK(complaint(one_series("[]", R"({"region":"\ud800"})")).find("valid JSON") != std::string::npos);
  CHECK(complaint(one_series("[]", R"({"region":"\udc00"})")).find("label 'region' is not UTF-8") != std::string::npos);
  CHECK(complaint(one_series("[]", "{\"region\":\"\xFF\"}")).find("label 'region' is not UTF-8") != std::string::npos);
  CHECK(complaint(one_series("[]", R"({"a":1,"a":2})")).find("twice") != std::string::npos);
  CHECK(complaint(one_series("[]", R"({"region":")" + std::string(300, 'x') + "\"}")).find("xxx") == std::string::npos);
  for (const auto* value : {"NaN", "Infinity", "-Infinity", "\"1.5\"", "true", "[]", "{}", "01", "1.", ".5", "+1", "1e",
                            "--1", "1e400", "0x10", "nul", "1 2", "1,2", ""}) {
    CAPTURE(value);
    complaint(one_series(R"([["2026-11-23T10:05:00+10:00",)" + std::string(value) + "]]"));
  }
  CHECK(complaint(one_series(R"([["2026-11-23T10:05:00+10:00",1e400]])")).find("larger than a double can be") !=
        std::string::npos);
  for (const auto* label : {"2026-11-23T10:05:00", "2026-13-23T10:05:00+10:00", "2026-11-31T10:05:00+10:00",
                            "yesterday", "2026-11-23T24:05:00+10:00", "2026-11-23T10:05:0x+10:00",
                            "1026-11-23T10:05:00+10:00", "", "2026-11-23 10.05:00+10:00"}) {
    CAPTURE(label);
    CHECK(complaint(one_series("[[\"" + std::string(label) + "\",1]]")).find("ISO 8601") != std::string::npos);
  }
  complaint(one_series(R"([[1790000000,1.5]])"));
  complaint(one_series(R"([["2026-11-23T10:05:00+10:00"]])"));
  complaint(one_series(R"([[]])"));
  complaint(one_series(R"([1])"));
  complaint(one_series(R"([["2026-11-23T10:05:00+10:00",1]["2026-11-23T10:10:00+10:00",1]])"));
  complaint(one_series(R"([["2026-11-23T10:05:00+10:00",1],])"));
}

TEST_CASE("an answer cut anywhere is malformed") {
  const auto whole = fixture_body("data_null_vic_wind");
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    const auto decoded = decode(answered(whole.substr(0, size)), network::nem);
    REQUIRE(decoded.has_error());
    CHECK(decoded.error().context.find("too early") != std::string::npos);
  }
}

TEST_CASE("nesting without end does not cost the stack") {
  CHECK(complaint(std::string(1'000'000, '[')).find("not an object") != std::string::npos);
  CHECK(complaint(R"({"a":)" + std::string(1'000'000, '[')).find("too deeply") != std::string::npos);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  CHECK(complaint(objects).find("too deeply") != std::string::npos);
}
