#include <doctest/doctest.h>

#include <string>

#include "verify/data_point.hpp"

namespace oes {
namespace {

constexpr auto key = "v1|NEM|5m|power|region=NSW1|2026-11-23T10:05:00+10:00";

std::string record(const std::string& value, const std::string& revision = "0") {
  return R"({"interval":"2026-11-23T10:05:00+10:00","stream":"s","metric":"power","revision":)" + revision +
         R"(,"version":7,"value":)" + value + "}";
}

TEST_CASE("a record of ours is read with the text of its number") {
  const auto point = read_data_point(key, record("-1.50e2", "3"), {});
  REQUIRE(point.has_value());
  CHECK(point->number == "-1.50e2");
  CHECK(point->revision == 3);
  CHECK(point->labels == series_labels{{"region", "NSW1"}});
  CHECK(read_data_point(key, record("null"), {})->number.empty());
}

TEST_CASE("G3: a foreign record whose value is no number is not a record of ours") {
  for (const char* value : {R"("\"")", R"("")", R"("\"power")", R"("\"\"\"\"")", R"("abc")", R"("-")", R"("1,2")",
                            R"("1\u0000")", "true", "[]", "{}", R"(["\""])", R"("0x10")", R"("1e")", R"("01")"}) {
    CAPTURE(value);
    const auto point = read_data_point(key, record(value), {});
    REQUIRE_FALSE(point.has_value());
    CHECK(point.error().code == errc::damaged);
  }
}

TEST_CASE("G3: a foreign record without a value, or with numbers that no record of ours has, is not ours") {
  CHECK_FALSE(read_data_point(key,
                              R"({"interval":"2026-11-23T10:05:00+10:00","stream":"s","metric":"power",)"
                              R"("revision":0,"version":7})",
                              {})
                  .has_value());
  CHECK_FALSE(read_data_point(key, record("1", "-1"), {}).has_value());
  CHECK_FALSE(read_data_point(key, record("1", "65535"), {}).has_value());
  CHECK_FALSE(read_data_point(key, record("1", "99999999999999999999"), {}).has_value());
  CHECK_FALSE(read_data_point(key, record("1", R"("x")"), {}).has_value());
  CHECK_FALSE(read_data_point("v1|NEM", record("1"), {}).has_value());
  CHECK_FALSE(read_data_point("v1|NEM|5m|power|%", record("1"), {}).has_value());
  CHECK_FALSE(read_data_point(key, std::string(100'000, '['), {}).has_value());
}

TEST_CASE("G3: a foreign wide record is judged by its columns") {
  const auto wide = [](const std::string& column) {
    return R"({"interval":"2026-11-23T10:05:00+10:00","stream":"s","revision":0,"version":7,"power":)" + column + "}";
  };
  CHECK(read_data_point(key, wide("1.5"), {"power", "energy"})->number == R"("power":1.5)");
  CHECK(read_data_point(key, wide("null"), {"power", "energy"})->number.empty());
  CHECK_FALSE(read_data_point(key, wide(R"("\"")"), {"power", "energy"}).has_value());
  CHECK_FALSE(read_data_point(key, wide("[1]"), {"power", "energy"}).has_value());
}

}  // namespace
}  // namespace oes
