#pragma once
// What the API grants a key: requests per second and credits per day. Counts what was spent, across restarts and
// daemons, and when the next request may leave. Time is a parameter.
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "model/account.hpp"
#include "model/credit_use.hpp"
#include "model/error.hpp"
#include "model/moment.hpp"
#include "model/plan_limits.hpp"
#include "schedule/schedule_settings.hpp"

namespace oes {

/// May a request leave? Waits are told as durations: they are waited by a clock that nobody sets.
struct credit_answer {
  std::optional<std::chrono::microseconds> leave_in;  ///< nothing, or a little: requests per second
  std::chrono::microseconds again_in{0};              ///< where it may not: when to ask again
  std::string why = {};                               ///< where it may not: for people
  errc code = errc::rate_limited;                     ///< where it may not
};

/// One per API key; every request goes through it.
class credit_budget {
 public:
  /// `remember` is called with what is used before each request leaves: it makes the count durable.
  credit_budget(const budget_settings& settings, const plan_limits& limits,
                std::function<void(const credit_use&)> remember = {});

  /// Another configuration: what it says of share, credits, rate and credit day holds; adopt() has to follow.
  void configure(const budget_settings& settings, utc_time now);
  /// What the plan allows, at whatever time that becomes known.
  void adopt(const plan_limits& limits);
  /// What `/me` calls it, or an earlier life was told: remembered with the count.
  void know_plan(std::string plan);
  [[nodiscard]] const std::string& known_plan() const { return plan_; }
  /// It was told, or is configured; else its limits are only assumed.
  [[nodiscard]] bool plan_is_certain() const { return settings_.plan != "auto" || !plan_.empty(); }
  /// How far back a key of these limits reaches for certain; nullopt: as far as there is data, or nobody knows yet.
  [[nodiscard]] std::optional<std::chrono::days> certain_history(const plan_limits& limits) const {
    return plan_is_certain() ? limits.history : std::nullopt;
  }
  /// `/me` has told of this key's day, in this life.
  [[nodiscard]] bool heard_of_account() const { return heard_; }
  /// Another key: nothing of what was counted and told is true of it.
  void forget_key();

  /// Spends one credit if there is one. `kept_back`: credits that this request must leave for others. Of `requests`
  /// that go together it is the first: there must be credits for all of them, and those of the others are kept for
  /// them.
  credit_answer spend(const moment& at, double kept_back = 0, std::int64_t requests = 1);
  /// The next of requests that were granted together.
  credit_answer spend_granted(const moment& at);
  /// So many of them are not made.
  void give_up_granted(std::int64_t requests) { granted_ -= requests; }
  /// For what is asked even where nothing is left.
  credit_answer spend_in_any_case(const moment& at);
  /// A request that cost none after all: it never left, or was answered before the key was looked at.
  void give_back(const moment& at);

  /// What others of the deployment, or an earlier life, have counted in a day that is not over: the larger one holds.
  void restore(const credit_use& known, utc_time now);
  /// `/me`: what others of the key spend beyond the share left to them is not ours; a day that began sooner or later
  /// than configured is believed. Its answers are minutes old: one that may be of the day before tells nothing of what
  /// is left (then heard_of_account() is false, and it is to be asked again soon).
  void see_account(const account& known, utc_time now);

  /// Of the share, neither spent today nor granted; nullopt: unlimited.
  [[nodiscard]] std::optional<std::int64_t> left(utc_time now) const;
  /// The share would pay so many requests; what `/me` told of others of the key does not leave them.
  [[nodiscard]] bool is_spent_by_others(utc_time now, std::int64_t requests) const;
  [[nodiscard]] std::optional<std::int64_t> per_day() const { return share_; }
  /// The same, where it is no guess; nullopt: unlimited, or nobody knows yet.
  [[nodiscard]] std::optional<std::int64_t> certain_per_day() const {
    return plan_is_certain() || settings_.credits_per_day ? share_ : std::nullopt;
  }
  [[nodiscard]] std::int64_t used_today(utc_time now) const;
  [[nodiscard]] credit_use use(utc_time now) const;
  [[nodiscard]] utc_time next_day(utc_time now) const;
  [[nodiscard]] std::chrono::microseconds spacing() const { return spacing_; }

 private:
  struct told_balance {
    std::int64_t remaining = 0;
    utc_time at;
  };
  // What was counted of one credit day.
  struct credit_day {
    utc_time began{};
    std::int64_t used = 0;
    std::int64_t others = 0;           ///< spent by others of the key, as far as `/me` told
    std::optional<told_balance> told;  ///< by the last `/me` of the day
    bool may_be_less = false;          ///< some of `used` may be of the day before: the next balance tells
  };

  [[nodiscard]] utc_time day_of(utc_time t) const;
  void begin_day(utc_time now);
  void move_day(utc_time to, utc_time now);
  credit_answer take(const moment& at);
  [[nodiscard]] std::optional<std::int64_t> limit() const;

  budget_settings settings_;
  std::optional<std::int64_t> credits_;  ///< of the day; nullopt: unlimited
  std::optional<std::int64_t> share_;
  std::chrono::microseconds spacing_{};
  std::chrono::seconds resets_at_;  ///< UTC time of day
  bool reset_is_told_ = false;      ///< by `/me`: what is guessed from balances does not overrule it
  std::function<void(const credit_use&)> remember_;
  credit_day today_;
  credit_day yesterday_;      ///< comes back where the clock is set back
  std::int64_t granted_ = 0;  ///< of requests that go together: those that have not left yet
  std::string plan_;
  bool heard_ = false;
  run_time next_free_{};
};

}  // namespace oes
