#include "schedule/placement.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const auto still_since = utc("2026-11-23T12:00:00Z");

// A feed that came every five minutes, two after its label, until it stood still.
arrival_model still_feed() {
  arrival_model model(minutes(5));
  for (int i = 0; i < 30; ++i) {
    model.saw(still_since + i * minutes(5) + seconds(125), still_since + i * minutes(5));
  }
  return model;
}

}  // namespace

TEST_CASE("F8: a feed that stands still is asked less and less often, down to what is granted and told") {
  for (const auto affordable : {seconds(20), seconds(45), seconds(300)}) {
    auto model = still_feed();
    const auto newest = still_since + 29 * minutes(5);
    const poll_pace pace{minutes(5), affordable};
    auto now = newest + seconds(125);
    std::vector<seconds> waits;
    for (int i = 0; i < 40; ++i) {
      const auto at = place_poll({now, now, pace, model, true, {}, 0.0});
      waits.push_back(std::chrono::round<seconds>(at - now));
      now = at;
      model.saw(now, newest);
    }
    CHECK(waits[1] <= std::max(affordable, seconds(20)) * 2);
    for (std::size_t i = 10; i < waits.size(); ++i) CHECK(waits[i] >= seconds(240));
    for (const auto wait : waits) CHECK(wait <= minutes(10));
  }
}

TEST_CASE("F8: when the feed moves again it is asked soon after a miss, as before") {
  auto model = still_feed();
  const auto newest = still_since + 29 * minutes(5);
  auto now = newest + minutes(9);
  for (int i = 0; i < 12; ++i, now += minutes(5)) model.saw(now, newest);
  CHECK(model.misses() == 12);
  model.saw(now, std::chrono::floor<minutes>(now) - minutes(2));
  CHECK(model.misses() == 0);
}
