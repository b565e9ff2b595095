// Members of one request group that stand far apart, are silent for long or have holes: each goes on as if the others
// were not there, and nothing is asked for twice.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "groups/conclude.hpp"
#include "groups/open_group.hpp"
#include "groups/plan_group.hpp"
#include "schedule/advance.hpp"
#include "schedule/turns.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr seconds step = minutes(5);

enum class answered { idle, with_news, with_more_behind, with_nothing };

// Where a member has rows.
struct slow_feed {
  std::vector<time_range> silent;
  [[nodiscard]] bool has(network_time label) const {
    return std::none_of(silent.begin(), silent.end(),
                        [&](const time_range& r) { return r.begin <= label && label < r.end; });
  }
};

struct group_world {
  explicit group_world(unsigned seed) : dice(seed) {
    stream_spec stream;
    stream.name = "s";
    stream.metrics = {"power", "energy", "emissions"};
    stream.topic = "t";
    stream.re_reads = {{hours(1), {}, {}}, {hours(12), hours(2), {}}};
    if (one_of({0, 1}) == 1) stream.batch_size = hours(one_of({6, 24, 96}));
    group = make_groups({stream}).front();
    stands.resize(3);
    stand(0, minutes(10));
    stand(1, days(one_of({2, 20, 90})) + hours(one_of({0, 5})));
    // Silent, at last for two hours or for a month; some come back.
    const auto last = now - minutes(one_of({120, 600, 3000, 15000, 50000}));
    stands[2].position = bucket_floor(last, interval_size::m5);
    stands[2].ledger_from = stands[2].position - hours(12);
    feeds[2].silent.push_back({stands[2].position, one_of({0, 1}) == 1 ? now + hours(9) : network_time::max()});
    if (one_of({0, 1}) == 1) {
      const auto hole = now - days(one_of({1, 15, 60}));
      feeds[1].silent.push_back({hole - days(one_of({1, 12, 40})), hole});
    }
    restart();
  }
  int one_of(std::initializer_list<int> of) {
    std::uniform_int_distribution<std::size_t> at(0, of.size() - 1);
    return *(of.begin() + static_cast<std::ptrdiff_t>(at(dice)));
  }
  void stand(std::size_t member, seconds behind) {
    stands[member].position = bucket_floor(now - behind, interval_size::m5);
    stands[member].ledger_from = stands[member].position - hours(12);
  }
  void restart() {
    std::map<member_key, member_progress> known;
    for (std::size_t i = 0; i < 3; ++i) {
      auto& one = stands[i];
      one.identity = canonical(group.identity);
      one.start = now - days(400);
      known[group.members[i].key] = one;
    }
    const ledger_book ledgers;
    state = open_group(group, {known, ledgers, {}, std::nullopt, std::nullopt}).value();
  }
  plan_context context() const { return {now, limits_of("COMMUNITY"), hours(1)}; }

  // Until the next trigger, a little behind its aligned instant.
  seconds until_live() const {
    const auto since = (now - seconds(70)).time_since_epoch() % step;
    return std::chrono::duration_cast<seconds>(step - since);
  }

  // The answer, and what a poll loop makes of it.
  answered answer(group_plan plan) {
    plan.context.now = now;
    const auto newest = bucket_floor(now, interval_size::m5) - step;  // the last but one is served
    bool moved = false;
    bool any = false;
    for (const auto i : plan.members) {
      auto& member = state.members[i];
      std::vector<seen_label> seen;
      for (auto label = plan.window.start; label < std::min(plan.window.end.value_or(newest), newest); label += step) {
        if (feeds[i].has(label)) seen.push_back({label, true});
      }
      any = any || !seen.empty();
      std::erase_if(seen, [&](const seen_label& one) { return one.label < member.position; });
      const auto step_on = advance_through({interval_size::m5, plan.window, member.position, seen, now, hours(1)});
      if (!step_on.moved) continue;
      moved = true;
      member_patch patch;
      patch.position = step_on.position;
      apply(member, patch);
      member.ledger_from = std::max(member.ledger_from, member.position - hours(12));
      stands[i] = member;
    }
    const auto taken = moved ? what_was_taken::something : what_was_taken::nothing;
    const auto more = any ? conclude(group, state, plan, {}, taken) : conclude_empty(group, state, plan);
    if (moved) return plan.reaches_edge ? answered::with_news : answered::with_more_behind;
    return *more ? answered::with_more_behind : answered::with_nothing;
  }

  std::mt19937 dice;
  network_time now = at("2026-11-23T10:31:00");
  request_group group;
  std::vector<member_progress> stands;
  std::map<std::size_t, slow_feed> feeds{{0, {}}, {1, {}}, {2, {}}};
  group_state state;
};

}  // namespace

TEST_CASE("near, far and silent members of a group: each goes on as if alone, and nothing is asked for twice") {
  for (unsigned seed = 1; seed <= 80; ++seed) {
    CAPTURE(seed);
    group_world w(seed);
    const auto began = w.now;
    const auto began_run = run_time(w.now.time_since_epoch());
    turns whose(began_run);
    auto last_wide = w.now;
    int triggers = 0;
    int live_requests = 0;
    int wide_pieces = 0;
    int behind_requests = 0;
    std::vector<time_window> before;  // the last one of those behind, where it brought something
    const auto restarts_at = began + hours(w.one_of({3, 100}));
    bool restarted = false;
    while (w.now < began + hours(12)) {
      if (!restarted && w.now >= restarts_at) {
        restarted = true;
        w.restart();
        whose = turns(run_time(w.now.time_since_epoch()));
      }
      w.now = std::max(w.now, network_time(std::chrono::ceil<seconds>(whose.due().time_since_epoch())));
      const auto wanted = whose.next();
      auto plan = plan_group(w.group, w.state, w.context(), wanted);
      auto taken = turn::live;
      auto end = answered::idle;
      if (plan) {
        taken = plan->of;
        const bool near_ones = plan->of == turn::live;
        if (near_ones) {
          ++live_requests;
          if (plan->deep_reread) ++wide_pieces;
          const bool whole = plan->window.start <= w.state.members[0].position - hours(12);
          if (plan->deep_reread && whole) last_wide = w.now;
          // What goes with each poll, where it reads news at all.
          if (!plan->old_only) CHECK(plan->window.start <= w.state.members[0].position - hours(1));
          before.clear();
        } else {
          ++behind_requests;
          CHECK((before.empty() || before.back() != plan->window));
          before = {plan->window};
        }
        w.now += seconds(w.one_of({1, 5, 20}));
        end = w.answer(*plan);
        if (end != answered::with_more_behind) before.clear();
      }
      if (taken == turn::live && end != answered::with_more_behind) ++triggers;
      const auto live = w.until_live();
      const auto pause = end == answered::with_more_behind ? seconds(0) : live;
      whose.ended({wanted, taken, plan && plan->others_wait, false, pause, live}, run_time(w.now.time_since_epoch()));
      // Fresh at any time, and read again in time.
      REQUIRE(w.now - w.state.members[0].position <= minutes(18));
      REQUIRE(w.now - last_wide <= hours(2) + minutes(15));
    }
    // One more for each that catches up.
    CHECK(triggers <= 12 * 12 + 8);
    CHECK(live_requests <= triggers + wide_pieces + 6);
    // A year's half in windows of six hours takes some hundred requests.
    CHECK(behind_requests <= 900);
    CHECK(w.now - w.state.members[1].position <= minutes(18));
    if (w.feeds[2].has(w.now)) CHECK(w.now - w.state.members[2].position <= minutes(18));
    if (!w.feeds[2].has(w.now)) CHECK(w.state.members[2].position == w.feeds[2].silent.front().begin);
  }
}
