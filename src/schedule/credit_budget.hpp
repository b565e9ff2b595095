#pragma once
// What the API grants a key: requests per second and credits per day. Counts what was spent, across restarts and
// daemons, and when the next request may leave. Time is a parameter.
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "model/account.hpp"
#include "model/credit_use.hpp"
#include "model/plan_limits.hpp"
#include "model/time.hpp"
#include "schedule/backoff.hpp"
#include "schedule/schedule_settings.hpp"

namespace oes {

/// May a request leave?
struct credit_answer {
  std::optional<utc_time> leave;  ///< now, or a little later: requests per second
  utc_time ask_again;             ///< where it may not
  std::string_view why;           ///< where it may not: for people
};

/// One per API key; every request goes through it.
class credit_budget {
 public:
  /// `remember` is called with what is used before each request leaves: it makes the count durable.
  credit_budget(const budget_settings& settings, const plan_limits& limits, backoff_settings refused,
                std::function<void(const credit_use&)> remember = {});

  /// What the plan turned out to be.
  void adopt(const plan_limits& limits);

  /// Spends one credit if there is one. `kept_back`: credits that this request must leave for others.
  credit_answer spend(utc_time now, double kept_back = 0);
  /// The API answered with the key: whatever kept requests back is over.
  void answered();
  /// The API refuses a key that has worked: the limit is spent, whatever our count says. Until when nobody asks;
  /// `uniform` in [0, 1) is a random number. Then one request probes.
  utc_time refused(utc_time now, double uniform);

  /// What others of the deployment, or an earlier life, have counted: the larger one holds.
  void restore(const credit_use& known, utc_time now);
  /// `/me`: what others of the key spend beyond the share left to them is not ours; a day that began sooner or later
  /// than configured is believed.
  void see_account(const account& known, utc_time now);

  /// Of the share, not yet spent today; nullopt: unlimited.
  [[nodiscard]] std::optional<std::int64_t> left(utc_time now) const;
  [[nodiscard]] std::optional<std::int64_t> per_day() const { return share_; }
  /// As the plan has them, our share and the others'.
  [[nodiscard]] std::optional<std::int64_t> credits_of_plan() const { return credits_; }
  [[nodiscard]] std::int64_t used_today(utc_time now) const;
  [[nodiscard]] credit_use use(utc_time now) const;
  [[nodiscard]] utc_time next_day(utc_time now) const;
  [[nodiscard]] std::chrono::microseconds spacing() const { return spacing_; }

 private:
  [[nodiscard]] utc_time day_of(utc_time t) const;
  void begin_day(utc_time now);
  [[nodiscard]] std::optional<std::int64_t> limit() const;

  budget_settings settings_;
  std::optional<std::int64_t> credits_;  ///< of the day; nullopt: unlimited
  std::optional<std::int64_t> share_;
  std::chrono::microseconds spacing_{};
  std::chrono::seconds resets_at_;  ///< UTC time of day
  std::function<void(const credit_use&)> remember_;
  backoff refusals_;
  utc_time day_{};
  std::int64_t used_ = 0;
  std::int64_t others_ = 0;                     ///< spent by others of the key, as far as `/me` told
  std::optional<std::int64_t> told_remaining_;  ///< by the last `/me` of the day
  utc_time next_free_{};
  std::optional<utc_time> paused_until_;
};

}  // namespace oes
