#include "model/time.hpp"

#include <doctest/doctest.h>

#include "model/interval.hpp"
#include "model/network.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("a label keeps its local time and offset through parsing and printing") {
  const auto label = parse_offset_time("2026-11-23T10:05:00+10:00");
  REQUIRE(label);
  CHECK(label->offset == std::chrono::hours(10));
  CHECK(format(label->local, label->offset) == "2026-11-23T10:05:00+10:00");
  CHECK(format(label->local) == "2026-11-23T10:05:00");
}

TEST_CASE("times that are not quite times are refused, not guessed") {
  for (const auto* text : {"", "2026-11-23", "2026-11-23T25:00:00", "2026-02-30T00:00:00", "2026-11-23T10:05:00 ",
                           "2026-11-23T10:05:00+10", "1700000000", "2026-11-23T10:05:00."}) {
    CAPTURE(text);
    CHECK_FALSE(parse_network_time(text));
    CHECK_FALSE(parse_offset_time(text));
  }
  CHECK_FALSE(parse_network_time("2026-11-23T10:05:00Z"));
  CHECK_FALSE(parse_offset_time("2026-11-23T10:05:00"));
}

TEST_CASE("an instant is the same however its offset is spelled") {
  CHECK(utc("2026-11-23T10:05:00+10:00") == utc("2026-11-23T00:05:00Z"));
  CHECK(utc("2026-11-23T08:05:00.123456+08:00") == utc("2026-11-23T00:05:00.123456Z"));
  CHECK(format_utc(utc("2026-11-23T00:05:00.123456Z")) == "2026-11-23T00:05:00.123Z");
  CHECK(format_utc_seconds(utc("2026-11-23T00:05:00.9Z")) == "2026-11-23T00:05:00Z");
}

TEST_CASE("NEM runs ten hours ahead of UTC and WEM eight, winter and summer") {
  CHECK(to_network_time(utc("2026-06-30T14:00:00Z"), network::nem) == at("2026-07-01T00:00:00"));
  CHECK(to_network_time(utc("2026-12-31T16:00:00Z"), network::wem) == at("2027-01-01T00:00:00"));
  CHECK(to_utc(at("2026-07-01T00:00:00"), network::nem) == utc("2026-06-30T14:00:00Z"));
}

TEST_CASE("buckets of every size begin where the API's do") {
  const auto t = at("2026-11-25T10:07:31");  // a Wednesday
  CHECK(bucket_floor(t, interval_size::m5) == at("2026-11-25T10:05:00"));
  CHECK(bucket_floor(t, interval_size::h1) == at("2026-11-25T10:00:00"));
  CHECK(bucket_floor(t, interval_size::d1) == at("2026-11-25T00:00:00"));
  CHECK(bucket_floor(t, interval_size::d7) == at("2026-11-22T00:00:00"));
  CHECK(bucket_floor(t, interval_size::mo1) == at("2026-11-01T00:00:00"));
  CHECK(bucket_floor(t, interval_size::mo3) == at("2026-10-01T00:00:00"));
  CHECK(bucket_floor(t, interval_size::season) == at("2026-10-01T00:00:00"));
  CHECK(bucket_floor(t, interval_size::y1) == at("2026-01-01T00:00:00"));
  CHECK(bucket_floor(t, interval_size::fy) == at("2026-01-01T00:00:00"));
}

TEST_CASE("a season or financial year is over some time after its label, and its data lie elsewhere") {
  const auto open = [](std::string_view now, interval_size size) { return format(first_open(at(now), size)); };
  CHECK(open("2026-02-28T00:00:00", interval_size::season) == "2026-01-01T00:00:00");
  CHECK(open("2026-05-31T23:55:00", interval_size::season) == "2026-01-01T00:00:00");
  CHECK(open("2026-06-01T00:00:00", interval_size::season) == "2026-04-01T00:00:00");
  CHECK(open("2026-09-01T00:00:00", interval_size::season) == "2026-07-01T00:00:00");
  CHECK(open("2026-12-01T00:00:00", interval_size::season) == "2026-10-01T00:00:00");
  CHECK(open("2027-01-01T00:00:00", interval_size::season) == "2027-01-01T00:00:00");
  CHECK(open("2026-06-30T23:55:00", interval_size::fy) == "2026-01-01T00:00:00");
  CHECK(open("2026-07-01T00:00:00", interval_size::fy) == "2027-01-01T00:00:00");
  CHECK(open("2026-07-15T00:00:00", interval_size::mo1) == "2026-07-01T00:00:00");

  const auto data = [](std::string_view first, std::string_view end, interval_size size) {
    const auto span = data_of(at(first), at(end), size);
    return format(span.start).substr(0, 10) + " " + format(span.end).substr(0, 10);
  };
  constexpr auto season = interval_size::season;
  CHECK(data("2026-01-01T00:00:00", "2026-04-01T00:00:00", season) == "2026-03-01 2026-06-01");
  CHECK(data("2026-04-01T00:00:00", "2026-10-01T00:00:00", season) == "2026-06-01 2026-12-01");
  CHECK(data("2026-10-01T00:00:00", "2027-01-01T00:00:00", season) == "2026-01-01 2027-01-01");
  CHECK(data("2026-07-01T00:00:00", "2027-04-01T00:00:00", season) == "2026-01-01 2027-06-01");
  CHECK(data("2026-01-01T00:00:00", "2028-01-01T00:00:00", interval_size::fy) == "2025-07-01 2027-07-01");
  CHECK(data("2026-02-01T00:00:00", "2026-04-01T00:00:00", interval_size::mo1) == "2026-02-01 2026-04-01");
}

TEST_CASE("adding buckets crosses months and years") {
  CHECK(bucket_add(at("2026-12-01T00:00:00"), interval_size::mo1, 1) == at("2027-01-01T00:00:00"));
  CHECK(bucket_add(at("2026-10-01T00:00:00"), interval_size::season, 1) == at("2027-01-01T00:00:00"));
  CHECK(bucket_add(at("2026-11-30T23:55:00"), interval_size::m5, 1) == at("2026-12-01T00:00:00"));
  CHECK(bucket_add(at("2026-01-01T00:00:00"), interval_size::y1, -1) == at("2025-01-01T00:00:00"));
}
