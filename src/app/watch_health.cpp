#include "app/watch_health.hpp"

#include <algorithm>

#include "app/notify.hpp"
#include "async/clock.hpp"
#include "async/timer.hpp"
#include "telemetry/health.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto health_look_every = std::chrono::milliseconds(500);
// What is told of waiting is believed to be over when nothing was told for so long.
constexpr int quiet_looks = 6;
// A broker that hiccups answers within that.
constexpr auto silence_counts_after = std::chrono::seconds(10);

void log_change(telling_parts& telling, const health& judged) {
  const auto since_start = judged.level == health_level::failing && telling.board.role == "starting";
  if (since_start || telling.board.role == "stopping") return;
  if (judged.level == health_level::ok) {
    telling.log.info("health: ok", {{"role", telling.board.role}});
  } else {
    telling.log.warn("health: " + line_of(judged), {{"role", telling.board.role}});
  }
}

// A day later each that came and each that went is of interest.
void note_change(daemon_status& board, const health& before, const health& now) {
  const auto has = [](const health& judged, const health_reason& reason) {
    return std::any_of(judged.reasons.begin(), judged.reasons.end(),
                       [&](const health_reason& one) { return one.subject == reason.subject; });
  };
  if (board.role == "stopping") return;
  const auto is_usual = [](const health_reason& reason) { return reason.kind == "starting"; };
  for (const auto& reason : now.reasons) {
    if (!is_usual(reason) && !has(before, reason))
      note_event(board, daemon_event::kind::trouble, reason.what, board.now);
  }
  for (const auto& reason : before.reasons) {
    if (!is_usual(reason) && !has(now, reason))
      note_event(board, daemon_event::kind::recovery, "over: " + reason.what, board.now);
  }
}

// What librdkafka's thread has told since.
void take_over(kafka_status& board, const producers_told& told, const time_source& clock) {
  board.producers_replaced = told.replaced;
  if (!told.statistics) return;
  const auto& now = *told.statistics;
  board.brokers = now.brokers;
  board.brokers_up = now.brokers_up;
  board.queued_records = now.queued_records;
  board.queued_bytes = now.queued_bytes;
  board.round_trip_seconds = now.round_trip_seconds;
  board.round_trip_p99_seconds = now.round_trip_p99_seconds;
  board.told_at = clock.now() - (clock.run() - clock.run_at(told.statistics_at));
}

// The start is told by the clock of today: where that was corrected since, it would lie hours away from what it was.
void show_time(daemon_status& board, const moment& at, run_time began) {
  constexpr auto worth_noticing = std::chrono::seconds(10);
  board.now = at.now;
  const auto started_at = at.now - (at.run - began);
  if (std::chrono::abs(started_at - board.started_at) > worth_noticing) board.started_at = started_at;
}

// Tells the service manager, from the loop itself, that the loop turns.
class life_sign {
 public:
  void give(bool is_ready) {
    const auto now = steady_now();
    if (every_ && now >= alive_due_) {
      notify_alive();
      alive_due_ = now + *every_ / 2;
    }
    if (!is_ready && now >= starting_due_) {
      notify_starting(patience_with_a_start);
      starting_due_ = now + patience_with_a_start / 4;
    }
  }

 private:
  static constexpr auto patience_with_a_start = std::chrono::seconds(60);
  std::optional<std::chrono::microseconds> every_ = watchdog_interval();
  steady_time alive_due_{};
  steady_time starting_due_{};
};

}  // namespace

asio::awaitable<void> watch_waiting(publisher& to, reporter& report) {
  int quiet = 0;
  while (true) {
    const auto why = to.waits_for();
    quiet = why.empty() ? quiet + 1 : 0;
    const error waits{errc::kafka_unavailable, why};
    if (!why.empty()) report.kafka(&waits);
    if (quiet == quiet_looks) report.kafka(nullptr);
    const bool waited = co_await pause_for(health_look_every);
    if (!waited) co_return;
  }
}

asio::awaitable<void> watch_commits(reporter& report, const committer& to, event& over) {
  std::optional<steady_time> told;
  while (true) {
    const bool ended = co_await over.wait_for(health_look_every);
    if (ended) co_return;
    const auto since = to.busy_since();
    if (!since || told == since || steady_now() - *since < silence_counts_after) continue;
    told = since;
    const error waits{errc::kafka_unavailable, "no answer to the transaction that is under way"};
    report.kafka(&waits);
  }
}

asio::awaitable<void> watch_health(health_watch by, event& finished) {
  const auto began = by.clock.look();
  health told;
  std::string told_line;
  life_sign sign;
  while (true) {
    sign.give(by.is_ready);
    show_time(by.telling.board, by.clock.look(), began.run);
    // A standby asks the API nothing: that its clock was set shows here.
    if (by.telling.board.role == "standby") by.telling.report.show_clock(by.clock.read());
    const auto told_of_kafka = by.producers.known();
    take_over(by.telling.board.kafka, told_of_kafka, by.clock);
    if (by.telling.board.role == "standby") by.telling.report.stands_by_for(told_of_kafka.leader);
    by.telling.page.lines.look(by.telling.board);
    const auto judged = judge_health(by.telling.board);
    by.telling.numbers.log_lines_dropped(by.telling.log.dropped());
    auto line = by.telling.board.role + ", " + line_of(judged);
    if (line != told_line) notify_status(line);
    told_line = std::move(line);
    if (!same_judgement(told, judged)) {
      log_change(by.telling, judged);
      note_change(by.telling.board, told, judged);
    }
    told = judged;
    const bool over = co_await finished.wait_for(health_look_every);
    if (over) co_return;
  }
}

}  // namespace oes
