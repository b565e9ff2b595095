// W6: (key, revision) is never published twice, and what is there last is what the API has: random switches of
// `publish_nulls`, nulls that become numbers late, gaps, backfills and restarts.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "backfill/backfill.hpp"
#include "backfill/gap_retry.hpp"
#include "support/failures.hpp"
#include "unit/backfill/published_records.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const auto step = std::chrono::minutes(5);
const auto first_label = at("2026-11-23T10:00:00");

struct switching_world : poll_fixture {
  explicit switching_world(unsigned seed) : dice(seed) {
    from.serve = [this](const fetch_request& request) { return answer(request); };
    stream.re_reads = {{std::chrono::minutes(10), {}, {}}};
  }

  unsigned roll(unsigned sides) { return static_cast<unsigned>(dice() % sides); }

  // What the API has: labels come as nulls, as numbers or not at all, and fill later.
  void go_on(int labels) {
    for (int i = 0; i < labels; ++i, newest += step) {
      const auto kind = roll(4);
      if (kind > 0) values[newest] = kind == 1 ? "null" : "1." + std::to_string(roll(1000));
    }
    for (auto label = first_label; label < newest; label += step) {
      const auto known = values.find(label);
      const bool none = known == values.end() || known->second == "null";
      if (none && roll(5) == 0) values[label] = roll(3) == 0 ? "null" : "2." + std::to_string(roll(1000));
    }
    set_now(format(newest + std::chrono::minutes(1)));
  }

  result<raw_answer> answer(const fetch_request& request) const {
    std::vector<std::pair<std::string, std::string>> points;
    for (const auto& [label, value] : values) {
      const bool outside = label < request.window.start || (request.window.end && label >= *request.window.end);
      if (!outside) points.emplace_back(format(label).substr(11, 5), value);
    }
    if (points.empty()) return error{errc::not_yet, "no rows", {}, 404};
    return raw_answer{answer_body("power", points), {}};
  }

  /// One process: it starts, does some of what there is to do, and is gone.
  void live() {
    stream.publish_nulls = roll(2) == 0;
    in_term<bool>([&](walk_parts& w) { return drive(w); });
  }

  boost::asio::awaitable<bool> drive(walk_parts& w) {
    task_group background(loop.get_executor(), no_failure_expected());
    groups = make_groups({stream});
    auto members = new_members(groups, {kafka.state.members, kafka.ledger, clock.now(),
                                        w.by.budget.credits.certain_history(w.by.limits), std::nullopt});
    const auto claimed = co_await w.write.committer.claim(std::move(members));
    background.start("committer", w.write.committer.run());
    auto opened = open_group(groups[0], {kafka.state.members, kafka.ledger, clock.now(),
                                         w.by.budget.credits.certain_history(w.by.limits), std::nullopt});
    poll_loop polling(groups[0], std::move(opened.value()), w.by, w.read, w.write);
    for (int i = 0; i < 2; ++i) {
      auto outcome = co_await polling.cycle(i == 0 ? turn::live : turn::behind);
      if (outcome.end == cycle_end::failed) FAIL_CHECK(outcome.why.context);
    }
    if (roll(2) == 0) co_await pass(w);
    if (roll(3) == 0) co_await backfill(w);
    w.write.committer.close();
    co_await background.join();
    co_return claimed.has_value();
  }

  recall_published recall() {
    return [this](const request_group& group, std::vector<member_labels> asked) {
      return published(group, std::move(asked));
    };
  }

  boost::asio::awaitable<void> pass(walk_parts& w) {
    gap_context bench{groups, w.by, w.read, w.write, [] { return true; }, recall()};
    co_await retry_gaps(bench);
  }

  boost::asio::awaitable<void> backfill(walk_parts& w) {
    backfill_context bench{
        groups, w.by, &facilities, w.read, w.write, [](const backfill_news&) {}, [] { return true; }, recall()};
    const auto mode = roll(2) == 0 ? backfill_mode::fill : backfill_mode::refresh;
    backfill_order order{"nem", "", "2026-11-23T10:00:00", format(newest), mode};
    operator_reason why{"a test", "", "", "", {}};
    const auto ended = co_await run_backfill(std::move(order), std::move(why), bench);
    if (!ended) FAIL_CHECK(ended.error().context);
  }

  // As app/published_before reads the topics.
  boost::asio::awaitable<result<published_before>> published(const request_group& group,
                                                             std::vector<member_labels> asked) {
    published_before out{{}, {}};
    for (const auto& one : asked) {
      out.known.push_back(known_of(kafka.records, "power", group.identity.interval, one.labels));
    }
    co_return out;
  }

  void check() const {
    CHECK(repeated_in(kafka.records).empty());
    std::map<network_time, std::string> last;
    for (const auto& [key, value] : kafka.records) last[label_in(key)] = field_in(value, "power");
    const auto& member = kafka.state.members.at({"nem", "power"});
    for (auto label = first_label; label < member.position; label += step) {
      if (member.labels.covers(label)) CHECK(last.contains(label));
    }
  }

  std::mt19937 dice;
  stream_spec stream = nem_stream();
  std::vector<request_group> groups;
  network_time newest = first_label;
  std::map<network_time, std::string> values;
};

}  // namespace

TEST_CASE("W6: whatever is switched, filled and restarted, no (key, revision) is published twice") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    switching_world world(seed);
    for (int process = 0; process < 8; ++process) {
      world.go_on(3 + static_cast<int>(world.roll(12)));
      world.live();
    }
    world.check();
  }
}
