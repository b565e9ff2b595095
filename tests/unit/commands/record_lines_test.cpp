// Records as lines for people, and as CSV.
#include "commands/record_lines.hpp"

#include <doctest/doctest.h>

using namespace oes;

namespace {

// Empty: no JSON object.
std::string row(std::string_view record) {
  const auto members = record_members::read(record);
  return members ? csv_line(*members, record_schema()) : "";
}

std::string line_of(const std::string& metric) {
  return table_line(R"({"interval":"2026-11-23T10:05:00+10:00","network_code":"NEM","metric":")" + metric +
                    R"(","unit":"MWh","value":1.5,"revision":0})");
}

}  // namespace

TEST_CASE("a point as the demo shows it") {
  CHECK(table_line(R"({"interval":"2026-11-23T10:05:00+10:00","network_code":"NEM","metric":"power","unit":"MW",)"
                   R"("fueltech_group":"coal","network_region":"NSW1","power":5432.1,"value":5432.1,"revision":2})") ==
        "11-23 10:05 +10:00  NEM NSW1 coal                power           5,432.10 MW  revision 2");
  CHECK(table_line(R"({"interval":"2026-11-23T10:05:00+10:00","network_code":"NEM","metric":"price","unit":"$/MWh",)"
                   R"("value":null,"revision":0})") ==
        "11-23 10:05 +10:00  NEM                          price              no value");
}

TEST_CASE("a wide record names its metrics; numbers are grouped, whatever their sign and size") {
  CHECK(
      table_line(R"({"interval":"2026-11-23T10:05:00+10:00","network_code":"WEM","power":-1234567.891,"energy":0})") ==
      "11-23 10:05 +10:00  WEM                          power -1,234,567.89  energy 0.00");
  CHECK(table_line(R"({"interval":"2026-11-23T10:05:00+10:00","network_code":"WEM","price":-300,"demand":1e300})")
            .find("price -300.00") != std::string::npos);
}

TEST_CASE("metrics that begin alike are told apart by their ends") {
  CHECK(line_of("curtailment_solar_utility").find(" curtailment_solar_utility       1.50 MWh") != std::string::npos);
  CHECK(line_of("curtailment_solar_utility_energy").find(" curtailment_solar_utility_energy ") != std::string::npos);
  CHECK(line_of("generation_renewable_with_storage_energy").find("_with_storage_energy ") != std::string::npos);
}

TEST_CASE("a number of a wide record that this release does not know is shown, and has no column") {
  const std::string record =
      R"({"interval":"2026-11-23T10:05:00+10:00","network_code":"NEM","power":1,"tides":2.5,"word":"x","revision":0})";
  CHECK(table_line(record).ends_with("power 1.00  tides 2.50"));
  CHECK(newer_metrics(*record_members::read(record)) == std::vector<std::string>{"tides"});
  CHECK(newer_metrics(*record_members::read(R"({"interval":"t","metric":"tides","tides":2.5,"value":2.5})")).empty());
}

TEST_CASE("whose a record is is told by the record") {
  const auto kind = [](std::string_view record) { return kind_of(*record_members::read(record)); };
  CHECK(kind(R"({"interval":"t","facility_code":"A"})") == row_kind::point);
  CHECK(kind(R"({"facility_code":"A"})") == row_kind::unit);
  CHECK(kind("{}") == std::nullopt);
  CHECK(kind(R"({"a":1})") == std::nullopt);
}

TEST_CASE("a unit of the list of facilities") {
  CHECK(table_line(R"({"facility_code":"BAYSW","facility_name":"Bayswater","network_code":"NEM","unit_code":"BW01",)"
                   R"("fueltech":"coal_black","status":"operating","capacity_registered":660.0})") ==
        "BAYSW      BW01       Bayswater                    NEM coal_black operating 660.00 MW");
}

TEST_CASE("what is no record is shown as it is, without obeying it") {
  CHECK(table_line("hello") == "hello");
  CHECK(table_line("\x1b[2J{") == "\\u001b[2J{");
}

TEST_CASE("CSV: the schema's columns, digits as they are, quotes where they are needed") {
  CHECK(csv_header(record_schema()).starts_with("interval,network_code,metric,unit,fueltech_group,"));
  const auto line = row(R"({"interval":"t","network_code":"a,b","metric":"say \"x\"","power":1.50,"renewable":true,)"
                        R"("value":0.12345678901234567890123456,"extra":{"a":"b"},"unknown":7})");
  CHECK(line.starts_with(R"(t,"a,b","say ""x""",,,,,1.50,)"));
  CHECK(line.find("0.12345678901234567890123456") != std::string::npos);
  CHECK(line.ends_with(R"("{""a"":""b""}")"));
  CHECK(row("no").empty());
}

TEST_CASE("what lies deep in a record is shown as it is, however deep") {
  const std::size_t deep = 300'000;
  const auto nest = std::string(deep, '[') + std::string(deep, ']');
  const auto record =
      R"({"interval":"t","network_code":"NEM","extra":)" + nest + R"(,"metric":"power","unit":)" + nest + "}";
  CHECK(row(record).ends_with("," + nest));
  CHECK(table_line(record).starts_with("t  NEM "));
  CHECK(row(nest).empty());
  CHECK(
      row(R"({"extra":{"a": [1.50, {"b": "}"}]},"interval":null})").ends_with(R"("{""a"": [1.50, {""b"": ""}""}]}")"));
  CHECK(row(R"({"interval":1} {})").empty());
}

TEST_CASE("a record that somebody wrote in several lines is one line") {
  CHECK(json_line("{\r\n \"a\": \"\\n\"\n}") == "{   \"a\": \"\\n\" }");
}

TEST_CASE("of two members with one name the first holds") {
  CHECK(row(R"({"interval":"a","interval":"b"})").starts_with("a,"));
}
