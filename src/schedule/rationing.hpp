#pragma once
// Who may ask the API, and how often: one budget shared out among the request groups. Time is a parameter.
#include <cstddef>
#include <vector>

#include "schedule/credit_budget.hpp"
#include "schedule/ration.hpp"

namespace oes {

/// What a credit is for.
enum class spend_on {
  live,      ///< a poll at the live edge
  catch_up,  ///< what came before it, retries, gaps, `/me`: a reserve is kept for these
  backfill,  ///< what the live polls of the rest of the day do not want, and in any case a tenth of the day
};

class rationing {
 public:
  rationing(const budget_settings& settings, const plan_limits& limits, backoff_settings refused,
            std::function<void(const credit_use&)> remember = {})
      : credits(settings, limits, refused, std::move(remember)) {}

  credit_budget credits;

  /// A term begins: nobody polls yet.
  void clear() { wants_.clear(); }
  /// A group that will poll; its number.
  std::size_t join(const poll_want& want);
  /// What it learnt of its arrivals, or of how many requests a poll takes.
  void learn(std::size_t group, std::chrono::seconds natural, int requests);

  [[nodiscard]] poll_pace pace(std::size_t group, utc_time now) const;
  /// 1: every trigger as wanted.
  [[nodiscard]] double stretch(utc_time now) const;
  credit_answer spend(spend_on purpose, utc_time now);
  /// Of what is left of `now`'s day (a day to come: of all of it): how much a backfill could have if nothing were
  /// stretched, and its tenth in any case. Only where credits are limited.
  [[nodiscard]] std::int64_t spare(utc_time now) const;

 private:
  [[nodiscard]] std::chrono::seconds rest_of_day(utc_time now) const;
  [[nodiscard]] double reserve(utc_time now) const;
  [[nodiscard]] std::optional<double> for_live(utc_time now) const;
  [[nodiscard]] double wanted_by_live(utc_time now) const;

  std::vector<poll_want> wants_;
  credit_use backfilled_;
};

}  // namespace oes
