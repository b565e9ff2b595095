// Buckets of 1h and more over months of polls: each is taken when the feed has filled it, and none is left waiting.
#include <doctest/doctest.h>

#include <functional>

#include "groups/conclude.hpp"
#include "groups/group_state.hpp"
#include "groups/open_group.hpp"
#include "groups/plan_group.hpp"
#include "schedule/advance.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

struct feed {
  network net = network::nem;
  std::function<network_time(network_time)> reaches;  ///< until when its data are there, at an instant
};

feed late_by(network net, std::chrono::seconds lag) {
  return {net, [lag](network_time now) { return now - lag; }};
}

struct taken_label {
  network_time label;
  network_time when;
  network_time feed_was_at;
};

/// One stream on one feed, polled every ten minutes.
struct world {
  world(interval_size interval, feed its_feed, std::string_view start, std::optional<std::chrono::seconds> batch = {})
      : size(interval), from(std::move(its_feed)) {
    stream_spec stream;
    stream.name = "s";
    stream.metrics = {"energy"};
    stream.topic = "t";
    stream.net = from.net;
    stream.interval = interval;
    stream.start = at(start);
    stream.batch_size = batch;
    group = make_groups({stream}).front();
    const std::map<member_key, member_progress> nothing;
    const ledger_book ledgers;
    state = open_group(group, {nothing, ledgers, to_utc(at(start), from.net), limits.history, std::nullopt}).value();
  }

  network_time end_of(network_time label) const { return data_of(label, bucket_add(label, size, 1), size).end; }
  std::vector<seen_label> answer_to(const time_window& window, network_time now) const {
    std::vector<seen_label> seen;
    for (auto label = window.start; label < *window.end; label = bucket_add(label, size, 1)) {
      const auto data = data_of(label, bucket_add(label, size, 1), size);
      if (data.start < std::min(from.reaches(now), now)) seen.push_back({label, true});
    }
    return seen;
  }
  /// One poll; false: nothing to ask for, or to take.
  bool poll(network_time now) {
    const plan_context context{now, limits, hole_after};
    const auto plan = plan_group(group, state, context, turn::live);
    if (!plan) return false;
    ++requests;
    CHECK(*plan->window.end - plan->window.start <= limits.max_window(size));
    auto& position = state.members[0].position;
    const auto answer = answer_to(plan->window, now);
    const auto got = advance_through({size, plan->window, position, answer, now, hole_after});
    CHECK(got.holes.empty());
    for (auto label = position; label < got.position; label = bucket_add(label, size, 1)) {
      taken.push_back({label, now, from.reaches(now)});
    }
    position = got.position;
    const auto came = got.moved ? what_was_taken::something : what_was_taken::nothing;
    const auto more = conclude(group, state, *plan, {}, came);
    return !plan->reaches_edge && (got.moved || (more && *more));
  }
  void run(std::string_view begin, std::chrono::seconds length) {
    for (auto now = at(begin); now < at(begin) + length; now += minutes(10)) {
      for (int more = 0; more < 500 && poll(now); ++more) {
      }
    }
  }

  interval_size size;
  feed from;
  plan_limits limits = limits_of("COMMUNITY");
  hours hole_after{1};
  request_group group;
  group_state state;
  std::vector<taken_label> taken;
  std::size_t requests = 0;
};

}  // namespace

TEST_CASE("every bucket is taken when the feed is behind its end, once, and in order") {
  for (const auto size : {interval_size::h1, interval_size::d1, interval_size::d7, interval_size::mo1,
                          interval_size::mo3, interval_size::y1}) {
    for (const auto net : {network::nem, network::wem, network::au}) {
      for (const auto lag : {minutes(10), minutes(6 * 60), minutes(26 * 60)}) {
        CAPTURE(code(size));
        CAPTURE(lag.count());
        world w(size, late_by(net, lag), "2026-01-01T00:00:00");
        w.run("2026-01-01T00:05:00", size == interval_size::h1 ? days(12) : days(400));
        REQUIRE(!w.taken.empty());
        for (std::size_t i = 0; i < w.taken.size(); ++i) {
          const auto& one = w.taken[i];
          CHECK(one.feed_was_at > w.end_of(one.label));
          CHECK(one.when <= w.end_of(one.label) + std::max(lag, minutes(150)) + minutes(20));
          if (i > 0) CHECK(one.label == bucket_add(w.taken[i - 1].label, size, 1));
        }
      }
    }
  }
}

TEST_CASE("the proof costs no request where data flow") {
  world w(interval_size::d1, late_by(network::nem, minutes(10)), "2026-06-01T00:00:00");
  w.run("2026-06-01T00:05:00", days(60));
  CHECK(w.taken.size() == 59);
  CHECK(w.requests <= 2 * 60);  // one with each new day, one at six in the morning
}

TEST_CASE("a window of one bucket has room for the proof of it") {
  for (const auto& [size, batch] :
       {std::pair<interval_size, std::chrono::seconds>{interval_size::h1, hours(1)}, {interval_size::d1, hours(24)}}) {
    world w(size, late_by(network::nem, minutes(10)), "2026-06-01T00:00:00", batch);
    w.run("2026-06-04T10:35:00", minutes(30));  // days behind: it catches up in one go
    CHECK(w.state.members[0].position == bucket_floor(at("2026-06-04T10:35:00"), size));
  }
}

TEST_CASE("a stream that catches up in windows of one bucket is not kept behind by a `hole_after` of days") {
  for (const auto& [size, batch] :
       {std::pair<interval_size, std::chrono::seconds>{interval_size::h1, hours(1)}, {interval_size::d1, hours(24)}}) {
    world w(size, late_by(network::nem, minutes(10)), "2026-06-01T00:00:00", batch);
    w.hole_after = hours(6 * 24);
    w.run("2026-06-21T10:35:00", minutes(30));
    CHECK(w.state.members[0].position == bucket_floor(at("2026-06-21T10:35:00"), size));
  }
}

TEST_CASE("what is read again with each poll makes way where the plan would not bear the proof as well") {
  stream_spec stream;
  world w(interval_size::d1, late_by(network::nem, minutes(10)), "2026-01-01T00:00:00");
  w.group.re_reads = {{days(365), {}, {}}};
  w.state.re_reads = look_back(w.group.re_reads, interval_size::d1, 1);
  w.run("2027-02-01T00:05:00", days(4));
  CHECK(w.state.members[0].position == at("2027-02-04T00:00:00"));
}

TEST_CASE("a feed that has ended for good keeps back its last bucket for two days") {
  const auto last = at("2026-06-10T13:00:00");
  for (const auto size : {interval_size::h1, interval_size::d1, interval_size::d7}) {
    feed ended{network::nem, [last](network_time now) { return std::min(now - minutes(10), last); }};
    world w(size, std::move(ended), "2026-06-01T00:00:00");
    w.run("2026-06-01T00:05:00", days(30));
    REQUIRE(!w.taken.empty());
    const auto& one = w.taken.back();
    CHECK(one.label == bucket_floor(last - minutes(1), size));
    CHECK(one.when >= w.end_of(one.label) + hours(48));
    CHECK(one.when <= w.end_of(one.label) + hours(49));
  }
}

TEST_CASE("a year of history is taken in a few requests") {
  world w(interval_size::d1, late_by(network::wem, hours(26)), "2025-06-01T00:00:00");
  CHECK(w.poll(at("2026-06-10T10:05:00")));
  CHECK(w.poll(at("2026-06-10T10:05:00")) == false);
  CHECK(w.state.members[0].position == at("2026-06-09T00:00:00"));
}

TEST_CASE("a season is taken two days after its end, also where labels stand before their data") {
  world w(interval_size::season, late_by(network::nem, minutes(10)), "2026-01-01T00:00:00");
  w.run("2026-03-01T00:05:00", days(340));
  REQUIRE(w.taken.size() == 4);
  for (const auto& one : w.taken) {
    CHECK(one.when >= w.end_of(one.label) + hours(48));
    CHECK(one.when <= w.end_of(one.label) + hours(49));
  }
}
