#pragma once
// Counters, gauges and histograms of the daemon; prometheus-cpp stays in the .cpp.
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace oes {

class metrics {
 public:
  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  /// outcome: "ok" or name(errc).
  void request(std::string_view stream, std::string_view network, std::string_view outcome,
               std::chrono::steady_clock::duration took, std::size_t bytes);
  void published(std::string_view stream, std::string_view metric, std::int64_t records);
  /// Points of answers that were left out because their label cannot be true.
  void points_skipped(std::string_view stream, std::string_view metric, std::string_view reason, std::int64_t points);
  /// outcome: "committed" or name(errc).
  void transaction(std::string_view outcome, std::chrono::steady_clock::duration took, std::int64_t records);
  void newest_interval(std::string_view stream, std::string_view metric, double unix_seconds, double lag_seconds);
  void gaps(std::string_view stream, std::string_view metric, std::int64_t open, std::int64_t given_up);
  /// What is held of published points to tell changes, and the memory of it.
  void ledger(std::string_view stream, std::string_view metric, std::size_t points, std::size_t bytes);
  /// per_day 0: not known, not shown.
  void credits(std::int64_t used_today, std::int64_t per_day);
  /// By how much triggers are stretched; 1: not at all.
  void stretch(double factor);
  /// The API as a whole is away, or refuses the key.
  void api_away(bool away);
  /// The API's clock less the host's, in seconds.
  void clock_skew(double seconds);
  void leading(bool leads);
  /// The judgement of telemetry/health: 0 ok, 1 degraded, 2 failing.
  void health(int level);
  /// 1 while Kafka refuses the stream's topic.
  void set_apart(std::string_view stream, std::string_view metric, bool apart);
  void log_lines_dropped(std::size_t lines);
  /// The stream is set apart, since it ended the process time and again.
  void poisonous(std::string_view stream, std::string_view metric, bool apart);
  /// Text exposition format.
  [[nodiscard]] std::string exposition() const;

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

}  // namespace oes
