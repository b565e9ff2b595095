#pragma once
// A term on fakes: no socket, no Kafka, a clock that stands still.
#include <boost/asio/io_context.hpp>
#include <string>

#include "async/last_words.hpp"
#include "async/task_group.hpp"
#include "groups/open_group.hpp"
#include "pipeline/facility_keeper.hpp"
#include "pipeline/poll_loop.hpp"
#include "records/facility_records.hpp"
#include "support/failures.hpp"
#include "support/fake_kafka.hpp"
#include "support/fake_source.hpp"
#include "support/run_on_loop.hpp"
#include "support/times.hpp"

namespace oes::test {

inline const member_key power{"nem", "power"};

/// An answer with one ungrouped series of one metric at 5m on 2026-11-23, NEM: `{"10:00", "5.0"}, …`.
inline std::string answer_body(const std::string& metric,
                               const std::vector<std::pair<std::string, std::string>>& points) {
  std::string data;
  for (const auto& [label, value] : points) {
    if (!data.empty()) data += ',';
    data.append("[\"2026-11-23T").append(label).append(":00+10:00\",").append(value).append("]");
  }
  return R"({"version":"4.5.11","success":true,"data":[{"network_code":"NEM","metric":")" + metric +
         R"(","unit":"MW","interval":"5m","groupings":[],"results":[{"name":"x","columns":{},"data":[)" + data +
         "]}]}]}";
}

inline stream_spec nem_stream(std::vector<std::string> metrics = {"power"}) {
  stream_spec stream;
  stream.name = "nem";
  stream.metrics = std::move(metrics);
  stream.topic = "openelectricity.{dataset}.{interval}.v1";
  stream.start = at("2026-11-23T10:00:00");
  return stream;
}

inline bool says(const std::string& record, const std::string& text) { return record.find(text) != std::string::npos; }

/// What everybody in a term works with.
struct walk_parts {
  poll_context by;
  reader read;
  writer write;
  event& eased;
};

inline utc_time in_nem(std::string_view text) { return to_utc(at(text), network::nem); }

struct poll_fixture {
  explicit poll_fixture(std::string_view now_in_nem = "2026-11-23T10:31:00") : clock(standing_at(now_in_nem)) {
    budget_options.requests_per_second = 1e9;
  }
  void set_now(std::string_view in_nem) { clock = standing_at(in_nem); }

  /// Runs `cycles` cycles of the one group of `streams` on a fresh committer over what Kafka holds.
  std::vector<cycle_outcome> cycles(const std::vector<stream_spec>& streams, int count) {
    return in_term<std::vector<cycle_outcome>>(
        [&](walk_parts& w) { return drive(make_groups(streams).front(), w, count); });
  }
  /// The keeper of the list of facilities once, likewise.
  result<void> keep_list() {
    return in_term<result<void>>([&](walk_parts& w) { return drive_keeper(w); });
  }

  boost::asio::io_context loop{1};
  fake_kafka kafka;
  fake_source from;
  time_source clock;
  logger log{quiet()};
  metrics numbers{"openelectricity"};
  daemon_status board;
  budget_settings budget_options;
  chunk_limits chunk;
  plan_limits limits = limits_of("COMMUNITY");
  std::vector<std::string> samples;
  group_state last_state;
  facility_directory facilities{loop.get_executor(), 128UL << 20U};
  facility_list_settings list_settings;
  topic_schemas_port schemas;  ///< nothing set: every topic may be written

  template <class Outcome, class Drive>
  Outcome in_term(Drive drive_it) {
    committer_settings settings{"me", "here", chunk, 2, std::chrono::milliseconds(1)};
    settings.progress_topic = "progress";
    committer to(std::move(settings), {kafka.state, {}}, -1, publisher_, store_, loop.get_executor(), log,
                 [](auto, auto, auto) {});
    event tap(loop.get_executor());
    rationing budget(budget_options, limits_of("ENTERPRISE"), {});
    reporter report(log, numbers, board, clock);
    event eased(loop.get_executor());
    const auto uniform = [] { return 0.5; };
    facilities.begin_term();
    walk_parts w{{clock, {}, limits, budget, tap, uniform, report},
                 reader({.loop = loop.get_executor(),
                         .source = from,
                         .budget = budget,
                         .clock = clock,
                         .report = report,
                         .tap = tap,
                         .uniform = uniform,
                         .keep_sample = [this](const std::string& why, std::string_view) { samples.push_back(why); },
                         .facilities = &facilities,
                         .eased = &eased}),
                 {loop.get_executor(), to, chunk, clock, report,
                  [](std::string_view who, const std::exception_ptr& thrown) { end_process(who, thrown); }, schemas},
                 eased};
    return run_on_loop(loop, drive_it(w));
  }

 private:
  static time_source standing_at(std::string_view in_nem) {
    const auto here = wall_now();
    return time_source(clock_settings{here, to_utc(at(in_nem), network::nem), 1e-6});
  }
  static telemetry_settings quiet() {
    telemetry_settings settings;
    settings.log_level = "error";
    return settings;
  }

  boost::asio::awaitable<std::vector<cycle_outcome>> drive(request_group group, walk_parts& w, int count) {
    task_group background(loop.get_executor(), no_failure_expected());
    const opening first{kafka.state.members, kafka.ledger, clock.now(),
                        w.by.budget.credits.certain_history(w.by.limits), std::nullopt};
    auto members = new_members({group}, first);
    auto claimed = co_await w.write.committer.claim(std::move(members));
    background.start("committer", w.write.committer.run());
    std::vector<cycle_outcome> outcomes;
    auto opened = open_group(group, {kafka.state.members, kafka.ledger, clock.now(),
                                     w.by.budget.credits.certain_history(w.by.limits), std::nullopt});
    if (!opened) {
      outcomes.push_back({cycle_end::failed, opened.error(), {}});
    } else {
      poll_loop polling(group, std::move(*opened), w.by, w.read, w.write);
      for (int i = 0; claimed && i < count; ++i) {
        auto outcome = co_await polling.cycle(i == 0 ? turn::live : turn::behind);
        w.by.report.cycle_ended(group, polling.state(), outcome);
        outcomes.push_back(std::move(outcome));
      }
      last_state = polling.state();
    }
    w.write.committer.close();
    co_await background.join();
    co_return outcomes;
  }

  boost::asio::awaitable<result<void>> drive_keeper(walk_parts& w) {
    task_group background(loop.get_executor(), no_failure_expected());
    std::vector<std::pair<member_key, member_progress>> nobody;
    auto claimed = co_await w.write.committer.claim(std::move(nobody));
    background.start("committer", w.write.committer.run());
    facility_keeper keeper{facilities, list_settings, {}};
    const auto known = kafka.ledger.find(facility_list_key(list_settings.topic));
    if (known != kafka.ledger.end()) keeper.published = known->second;
    auto kept = co_await keep_facilities_once(keeper, w.by, w.read, w.write);
    w.write.committer.close();
    co_await background.join();
    co_return claimed ? kept : claimed;
  }

  fake_publisher publisher_{kafka};
  fake_progress_store store_{kafka};
};

}  // namespace oes::test
