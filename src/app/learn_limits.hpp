#pragma once
// What the API grants our key: remembered in budget.json with what was spent of it, asked at start, again until it is
// told, and a few times a day.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>

#include "app/parts.hpp"
#include "app/term.hpp"
#include "model/plan_limits.hpp"
#include "progress/credit_file.hpp"
#include "schedule/rationing.hpp"

namespace oes {

/// The budget as the last daemon of this progress_path left it, by the plan that it knew; each credit is written down
/// before it is spent. Borrows `all`.
rationing make_rationing(parts& all);

/// The plan: as configured, else as `/me` tells now, else as it was remembered, else COMMUNITY, for certain only where
/// there is no key. Whatever the plan, the answer tells the API's time before a relative `start:` is resolved, and what
/// others of the key have spent.
boost::asio::awaitable<plan_limits> learn_limits(parts& all, rationing& budget);

/// Whose credits the daemon spends now.
api_account running_account(const parts& all);
/// What is counted and told is not true of what this configuration names: another key, or another API.
bool is_other_account(const term_context& context, const configuration& wanted);
/// How far back the plan reaches once this configuration is taken over, where that is certain then: a new stream begins
/// by it. The running key's plan says nothing of another key.
std::optional<std::chrono::days> history_under(const term_context& context, const configuration& wanted);

/// Another configuration of budget and retries: it holds from now on.
void configure_budget(parts& all, rationing& budget, plan_limits& limits);
/// The API is reached in another way: what it refused before says nothing of that.
void try_api_again(parts& all, rationing& budget);
/// Another key, or another API: what was counted is not true of it; what is remembered of that account is.
void begin_with_other_account(term_context& context);

/// Asks `/me` while the groups run: until it answers, then now and then (others may use the key too, the plan may
/// change). What it says is adopted at once.
boost::asio::awaitable<void> watch_account(term_context& context, event& tap);

/// Tells of an outage that goes on, and of the clocks, when no answer comes that would.
boost::asio::awaitable<void> watch_api(term_context& context, event& tap);

}  // namespace oes
