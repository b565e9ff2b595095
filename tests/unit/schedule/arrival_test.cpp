// What the learnt placement is worth: a day of polls against arrivals as the API makes them (api.md §5).
#include "schedule/arrival.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "schedule/placement.hpp"
#include "schedule/rationing.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const auto midnight = utc("2026-11-23T00:00:00Z");

using arrivals_of_day =
    std::vector<utc_time>;  // [label] → when it appears; labels every five minutes from midnight - 6 h

utc_time label(std::size_t i) { return midnight - hours(6) + minutes(5) * static_cast<int>(i); }

constexpr std::size_t hour = 12;  // labels of 5m

arrivals_of_day scattered(seconds lag, seconds scatter) {
  std::minstd_rand chance(7);
  arrivals_of_day all;
  for (std::size_t i = 0; i < hour * 40; ++i) {
    const auto late = std::uniform_int_distribution<int>(0, static_cast<int>(scatter.count()))(chance);
    all.push_back(label(i) + lag + seconds(late));
  }
  return all;
}

// Every two hours at :03, whatever is eight minutes old.
arrivals_of_day in_batches() {
  arrivals_of_day all;
  for (std::size_t i = 0; i < hour * 40; ++i) {
    const auto from = label(i) + minutes(8) - minutes(3);
    all.push_back(midnight + ((from - midnight) / hours(2) + (from >= midnight ? 1 : 0)) * hours(2) + minutes(3));
  }
  return all;
}

std::size_t count_by(const arrivals_of_day& all, utc_time at) {
  std::size_t count = 0;
  while (count < all.size() && all[count] <= at) ++count;
  return count;
}

struct group_of_day {
  arrivals_of_day arrivals;
  arrival_model model{minutes(5)};
  std::size_t seat = 0;
  std::size_t known = 0;
  utc_time last_poll = midnight;
  utc_time wake = midnight;
  int polls = 0;
  double staleness = 0;
  std::vector<double> waits;
  int labels = 0;
};

// One day of all groups under one budget; returns the requests spent.
int live_through(std::vector<group_of_day>& groups, rationing& budget) {
  for (auto& g : groups) g.seat = budget.join({});
  int spent = 0;
  for (auto now = midnight; now < midnight + hours(24); now += seconds(1)) {
    for (auto& g : groups) {
      if (g.wake > now) continue;
      if (!budget.spend(spend_on::live, {now, run_time(now.time_since_epoch())}).leave_in) {
        g.wake = now + minutes(10);
        continue;
      }
      ++spent;
      ++g.polls;
      const auto there = count_by(g.arrivals, now);
      for (; g.known < there; ++g.known) {
        if (g.arrivals[g.known] < midnight + hours(2)) continue;  // learning
        g.waits.push_back(static_cast<double>((now - g.arrivals[g.known]).count()) / 1e6);
        g.staleness += g.waits.back();
        ++g.labels;
      }
      g.model.saw(now, label(g.known - 1));
      budget.learn(g.seat, g.model.period(), 1);
      g.last_poll = now;
      g.wake = place_poll({now, now, budget.pace(g.seat, now), g.model, true, {}, 0.0});
    }
  }
  return spent;
}

// A poller at a fixed distance that knows nothing: the mean over its phases.
double fixed_staleness(const arrivals_of_day& arrivals, int polls) {
  const auto every = seconds(86400 / polls);
  double sum = 0;
  int count = 0;
  for (int phase = 0; phase < 20; ++phase) {
    auto at = midnight + every * phase / 20;
    for (const auto& appears : arrivals) {
      if (appears < midnight + hours(2)) continue;
      while (at < appears) at += every;
      if (at >= midnight + hours(24)) break;
      sum += static_cast<double>((at - appears).count()) / 1e6;
      ++count;
    }
  }
  return sum / count;
}

std::vector<group_of_day> usual_groups() {
  std::vector<group_of_day> groups(4);
  groups[0].arrivals = scattered(minutes(11), seconds(120));  // NEM data
  groups[1].arrivals = scattered(minutes(6), seconds(120));   // NEM market
  groups[2].arrivals = scattered(minutes(11), seconds(120));  // WEM data
  groups[3].arrivals = in_batches();                          // WEM market
  return groups;
}

rationing budget_of(std::int64_t credits) {
  budget_settings settings;
  settings.credits_per_day = credits;
  return {settings, limits_of("COMMUNITY"), {}};
}

}  // namespace

TEST_CASE("the lag is found within a few polls and kept within its scatter") {
  std::vector<group_of_day> one(1);
  one[0].arrivals = scattered(minutes(11), seconds(120));
  auto budget = budget_of(5000);
  live_through(one, budget);
  CHECK(one[0].model.lag() > seconds(11 * 60 + 60));
  CHECK(one[0].model.lag() < seconds(11 * 60 + 180));
  CHECK(one[0].model.period() == minutes(5));
  CHECK(one[0].polls < 288 * 13 / 10);
  CHECK(one[0].staleness / one[0].labels < 80);
  // A poll that came too early is repeated where credits allow, not put off to the next label.
  std::sort(one[0].waits.begin(), one[0].waits.end());
  CHECK(one[0].waits[one[0].waits.size() * 95 / 100] < 150);
}

TEST_CASE("labels that come in batches are not asked for in between, but now and then") {
  std::vector<group_of_day> one(1);
  one[0].arrivals = in_batches();
  auto budget = budget_of(500);
  live_through(one, budget);
  CHECK(one[0].model.period() == hours(2));
  CHECK(one[0].polls < 110);  // two batches are needed to see it
}

TEST_CASE("batches that become single labels again are noticed") {
  group_of_day one;
  one.arrivals = in_batches();
  const auto later = scattered(minutes(11), seconds(60));
  for (std::size_t i = hour * 18; i < one.arrivals.size(); ++i) one.arrivals[i] = later[i];
  std::vector<group_of_day> groups{one};
  auto budget = budget_of(5000);
  live_through(groups, budget);
  CHECK(groups[0].model.period() == minutes(5));
}

TEST_CASE("an outage of the API does not mislead") {
  group_of_day one;
  one.arrivals = scattered(minutes(11), seconds(60));
  for (std::size_t i = hour * 14; i < hour * 19; ++i) one.arrivals[i] = std::max(one.arrivals[i], label(hour * 19));
  std::vector<group_of_day> groups{one};
  auto budget = budget_of(500);
  live_through(groups, budget);
  CHECK(groups[0].model.period() == minutes(5));
  CHECK(groups[0].model.lag() < seconds(11 * 60 + 120));
}

TEST_CASE(
    "500 credits for four groups: never more than the share, and at least a quarter fresher than fixed triggers") {
  auto groups = usual_groups();
  auto budget = budget_of(500);
  const int spent = live_through(groups, budget);
  CHECK(spent <= 450);
  CHECK(spent > 400);
  double ours = 0;
  double fixed = 0;
  int labels = 0;
  for (const auto& g : groups) {
    MESSAGE("polls " << g.polls << ", mean staleness " << g.staleness / g.labels << " s, fixed "
                     << fixed_staleness(g.arrivals, spent / 4) << " s, lag " << g.model.lag().count() << " s, period "
                     << g.model.period().count());
    ours += g.staleness;
    fixed += fixed_staleness(g.arrivals, spent / 4) * g.labels;
    labels += g.labels;
  }
  MESSAGE("ours " << ours / labels << " s, fixed " << fixed / labels << " s, spent " << spent);
  CHECK(ours < 0.75 * fixed);
}

TEST_CASE(
    "F8: a feed that stood still when it was first asked, and is back, is asked for its next label a step later") {
  for (const std::chrono::seconds stall :
       {std::chrono::seconds(minutes(20)), std::chrono::seconds(hours(3)), std::chrono::seconds(hours(24))}) {
    arrival_model model(minutes(5));
    model.saw(midnight, midnight - stall);
    model.saw(midnight + minutes(5), midnight - stall);
    model.saw(midnight + minutes(60), midnight + minutes(52));
    CHECK(model.lag() <= minutes(8));
    CHECK(model.next(midnight + minutes(60)) <= midnight + minutes(67));
  }
}

TEST_CASE("F8: where labels have just come, the next are expected within a step, whatever was seen before") {
  constexpr int worlds = 300;
  for (int world = 0; world < worlds; ++world) {
    CAPTURE(world);
    std::minstd_rand chance(static_cast<unsigned>(world));
    const auto roll = [&chance](int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(chance); };
    arrival_model model(minutes(5));
    auto now = midnight;
    auto newest = midnight - minutes(5) * (1 + roll(300));
    model.saw(now, newest);
    for (int poll = 0; poll < 100; ++poll) {
      now += seconds(20 + roll(400));
      const auto before = newest;
      const utc_time there = now - minutes(2 + roll(12));
      const auto missing = std::max<std::int64_t>(0, (there - newest) / minutes(5));
      const int kind = roll(6);
      if (kind == 0) newest += missing * minutes(5);      // all that is missing
      if (kind == 1) newest += missing / 3 * minutes(5);  // some of it
      model.saw(now, newest);
      if (newest > before) CHECK(model.next(now) <= now + model.period() + minutes(1));
    }
  }
}
