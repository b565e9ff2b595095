#pragma once
// What the API grants our key: remembered in budget.json with what was spent of it, asked at start, again until it is
// told, and a few times a day.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "app/telling_parts.hpp"
#include "async/clock.hpp"
#include "async/event.hpp"
#include "config/configuration.hpp"
#include "fetch/source.hpp"
#include "files/disk_worker.hpp"
#include "model/api_key.hpp"
#include "model/plan_limits.hpp"
#include "progress/credit_file.hpp"
#include "schedule/rationing.hpp"

namespace oes {

/// By what the API is asked about our account, and who hears of it. Configuration, key and source are those that are in
/// use: a reload replaces them.
struct account_access {
  const configuration& config;
  const api_key& key;
  const std::unique_ptr<oes::source>& source;
  const time_source& clock;
  disk_worker& file;  ///< writes budget.json
  telling_parts& telling;
  std::mt19937_64& random;
};

/// What is known of it, from one term to the next.
struct known_account {
  rationing& budget;
  plan_limits& limits;
  api_account& asked_as;  ///< whose what is known of plan and credits is
};

/// The budget as the last daemon of this progress_path left it, by the plan that it knew; each credit is written down
/// before it is spent. What `by` names outlives it.
rationing make_rationing(const account_access& by);

/// The plan: as configured, else as `/me` tells now, else as it was remembered, else COMMUNITY, for certain only where
/// there is no key. Whatever the plan, the answer tells the API's time before a relative `start:` is resolved, and what
/// others of the key have spent.
boost::asio::awaitable<plan_limits> learn_limits(account_access by, rationing& budget, event& stop);

/// Whose credits the daemon spends now.
api_account running_account(const account_access& by);
/// What is counted and told is not true of what this configuration names: another key, or another API.
bool is_other_account(const api_account& asked_as, const configuration& wanted);
/// How far back the plan reaches once this configuration is taken over, where that is certain then: a new stream begins
/// by it. The running key's plan says nothing of another key.
std::optional<std::chrono::days> history_under(const rationing& budget, const api_account& asked_as,
                                               const configuration& wanted);

/// Another configuration of budget and retries: it holds from now on.
void configure_budget(const account_access& by, const known_account& known);
/// The API is reached in another way: what it refused before says nothing of that.
void try_api_again(rationing& budget, reporter& report);
/// Another key, or another API: what was counted is not true of it; what is remembered of that account is.
void begin_with_other_account(const account_access& by, const known_account& known);

/// Asks `/me` while the groups run: until it answers, then now and then (others may use the key too, the plan may
/// change). What it says is adopted at once.
boost::asio::awaitable<void> watch_account(account_access by, known_account known, event& tap);

/// Tells of an outage that goes on, and of the clocks, when no answer comes that would.
boost::asio::awaitable<void> watch_api(rationing& budget, const time_source& clock, reporter& report, event& tap);

}  // namespace oes
