#include "schedule/late_bucket.hpp"

#include <doctest/doctest.h>

#include "schedule/placement.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

utc_time in_nem(std::string_view text) { return to_utc(at(text), network::nem); }

}  // namespace

TEST_CASE("what is late is asked for again after half as long as it has been late, up to a quarter of its bucket") {
  late_bucket hour(network::nem, interval_size::h1, minutes(30));
  const auto since = in_nem("2026-11-23T11:30:00");  // when the hour of 10:00 is over and settled
  const auto distance = [&](late_bucket& one, std::string_view label, seconds late) {
    one.wanted({at(label)}, since + late);
    return one.distance(since + late);
  };
  hour.wanted({at("2026-11-23T10:00:00")}, since - seconds(1));
  CHECK_FALSE(hour.is_late());
  CHECK(hour.distance(since) == seconds(0));
  CHECK(distance(hour, "2026-11-23T10:00:00", minutes(10)) == minutes(5));
  CHECK(distance(hour, "2026-11-23T10:00:00", minutes(20)) == minutes(10));
  CHECK(distance(hour, "2026-11-23T10:00:00", hours(20)) == minutes(15));
  late_bucket month(network::nem, interval_size::mo1, minutes(30));
  CHECK(distance(month, "2026-08-01T00:00:00", minutes(0)) == hours(6));
}

TEST_CASE("a member that is behind for good slows down no other that is late for the first time") {
  late_bucket day(network::nem, interval_size::d1, minutes(30));
  const auto now = in_nem("2026-11-23T00:40:00");
  day.wanted({at("2026-11-01T00:00:00"), at("2026-11-22T00:00:00")}, now);
  CHECK(day.distance(now) == minutes(5));
  day.wanted({at("2026-11-01T00:00:00"), at("2026-11-23T00:00:00")}, now);
  CHECK(day.distance(now) == hours(6));
}

TEST_CASE("the next bucket is asked for right after its time, however late another one is") {
  late_bucket day(network::wem, interval_size::d1, minutes(150));
  const auto now = to_utc(at("2026-11-23T00:31:10"), network::wem);
  day.wanted({at("2026-11-10T00:00:00")}, now);
  CHECK(day.next_close(now) == to_utc(at("2026-11-23T02:30:00"), network::wem));
  const arrival_model unknown{hours(24)};
  const poll_pace pace{minutes(5), minutes(5)};
  const late_pace late{day.distance(now), day.next_close(now)};
  const auto next = place_poll({now, now, pace, unknown, false, {}, 0.0, late});
  CHECK(next == day.next_close(now) + seconds(70));
  const auto after = place_poll({next, next, pace, unknown, false, {}, 0.0, late_pace{hours(6), next + hours(23)}});
  CHECK(after > next + hours(6) - minutes(5));
  CHECK(after <= next + hours(6));
}

TEST_CASE("a season is over when its last month is, not when its label says") {
  late_bucket season(network::nem, interval_size::season, minutes(30));
  const auto march_to_may = at("2026-01-01T00:00:00");
  season.wanted({march_to_may}, in_nem("2026-06-01T00:29:00"));
  CHECK_FALSE(season.is_late());
  season.wanted({march_to_may}, in_nem("2026-06-01T00:30:00"));
  CHECK(season.is_late());
}
