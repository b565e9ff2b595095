#pragma once
// Who may ask the API, and how often: one budget shared out among the request groups. Time is a parameter.
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "schedule/breaker.hpp"
#include "schedule/credit_budget.hpp"
#include "schedule/guaranteed_part.hpp"
#include "schedule/stretch.hpp"

namespace oes {

/// How often one group may poll.
struct poll_pace {
  std::chrono::seconds granted = std::chrono::minutes(5);  ///< at least `wanted`
  /// What the day's credits would bear beyond `granted` if what is left over were shared out: a poll that came too
  /// early is repeated after this long.
  std::chrono::seconds affordable = std::chrono::minutes(5);
};

/// What a credit is for.
enum class spend_on {
  live,       ///< a poll at the live edge
  catch_up,   ///< what came before it, retries: a reserve is kept for these
  leftover,   ///< of a backfill, and of members far behind others of their group: from what the live polls of the rest
              ///< of the day leave over, and in any case from a tenth of each day
  gaps,       ///< of a pass over gaps: the same, with a tenth of their own
  remainder,  ///< what is under way takes one more than was granted: what has been read would be lost without it, so it
              ///< is asked even where nothing is left
  account,    ///< `/me`: may tell that there is more, so it is asked even where nothing is left
};

/// How the day's credits stand, for people.
struct credit_outlook {
  std::int64_t used = 0;
  std::optional<std::int64_t> per_day;  ///< our share; nullopt: unlimited
  std::optional<std::int64_t> left;     ///< of it
  bool by_others = false;               ///< `/me` has told that others of the key spent what we are short of
  bool spent = false;                   ///< no live poll can be paid any more: they go on at `day_ends`
  utc_time day_ends;
  double stretch = 1;  ///< by which triggers are stretched; never by more than what is left of the day
};

/// Whether a request may leave, and how the day's credits stand with it.
struct asked_credit : credit_answer {
  credit_outlook outlook;
};

breaker_settings breaker_settings_of(const schedule_settings& settings);

class rationing {
 public:
  rationing(const budget_settings& settings, const plan_limits& limits, const breaker_settings& refused,
            std::function<void(const credit_use&)> remember = {})
      : credits(settings, limits, std::move(remember)), api(refused) {}

  credit_budget credits;
  breaker api;

  /// Called whenever more may be asked than was known before: `/me` has told of more credits or of another plan, or the
  /// API is back.
  void when_eased(std::function<void()> tell) { eased_ = std::move(tell); }
  /// `/me` has answered; `plan`: the limits of the plan that it names, where that is to be believed.
  void hear(const account& told, const std::optional<plan_limits>& plan, utc_time now);
  /// Another key.
  void forget_key(utc_time now);
  /// The clock that the daemon follows was corrected: what waits for an instant of the wrong one looks again.
  void time_was_corrected() const {
    if (eased_) eased_();
  }

  /// A term begins: nobody polls yet.
  void clear() { wants_.clear(); }
  /// A group that will poll; its number.
  std::size_t join(const poll_want& want);
  /// What it learnt of its arrivals, or of how many requests a poll takes.
  void learn(std::size_t group, std::chrono::seconds natural, int requests);

  [[nodiscard]] poll_pace pace(std::size_t group, utc_time now) const;
  /// 1: every trigger as wanted.
  [[nodiscard]] double stretch(utc_time now) const;
  [[nodiscard]] credit_outlook outlook(utc_time now) const;
  /// May a request leave? Where it may, answered(), failed() or not_asked() is owed. Of `requests` that go together it
  /// is the first: all are granted, or none (credit_grant.hpp).
  asked_credit spend(spend_on purpose, const moment& at, std::int64_t requests = 1);
  /// The next of requests that were granted together; likewise.
  asked_credit spend_granted(const moment& at);
  /// So many of them are not made.
  void give_up_granted(spend_on purpose, std::int64_t requests);
  void answered(const moment& at);
  /// `/me` has: of a limit that tells nothing, for it is on data.
  void account_answered(const moment& at);
  /// What became of a request that was let go, where that was no usable answer. What concerns every request opens the
  /// breaker, and `why` then says how long nobody asks. A request that cost nothing is given back to what paid for it.
  /// `uniform` in [0, 1) is a random number.
  void failed(error& why, spend_on purpose, const moment& at, double uniform);
  /// Of what is left of `now`'s day (a day to come: of all of it): how much a backfill could have if nothing were
  /// stretched, and its tenth in any case. Only where credits are limited.
  [[nodiscard]] std::int64_t spare(utc_time now) const;
  /// In how many credit days, today included, a backfill is granted windows of so many requests each, one after the
  /// other; nullopt: never, since one takes more than a day has.
  [[nodiscard]] std::optional<std::int64_t> days_for(const std::vector<std::size_t>& windows, utc_time now) const;

 private:
  [[nodiscard]] std::chrono::seconds rest_of_day(utc_time now) const;
  [[nodiscard]] double reserve(utc_time now) const;
  [[nodiscard]] std::optional<double> for_live(utc_time now) const;
  [[nodiscard]] double wanted_by_live(utc_time now) const;
  [[nodiscard]] double left_by_live(utc_time now) const;
  // nullptr: nothing is guaranteed for that.
  [[nodiscard]] guaranteed_part* guaranteed_for(spend_on purpose);
  [[nodiscard]] guaranteed_part as_of(guaranteed_part known, utc_time now) const;
  template <class Pay>
  asked_credit let_go(const moment& at, Pay pay);
  credit_answer pay(spend_on purpose, const moment& at, std::int64_t requests);
  void give_back(spend_on purpose, const moment& at);
  void tell_if_eased(std::optional<std::int64_t> left_before, utc_time now) const;

  std::vector<poll_want> wants_;
  guaranteed_part leftover_;
  guaranteed_part gaps_;
  std::function<void()> eased_;
};

}  // namespace oes
