#pragma once
// What the API grants our key: asked at start and a few times a day, remembered in budget.json.
#include <boost/asio/awaitable.hpp>

#include "app/parts.hpp"
#include "app/term.hpp"
#include "model/plan_limits.hpp"
#include "schedule/rationing.hpp"

namespace oes {

/// The budget as the last daemon of this progress_path left it; each credit is written down before it is spent.
/// Borrows `config` and `log`.
rationing make_rationing(const configuration& config, const time_source& clock, logger& log);

/// The plan: as configured, else from /me, else COMMUNITY. The budget learns it, and what is left of the day.
boost::asio::awaitable<plan_limits> learn_limits(parts& all, rationing& budget);

/// Asks /me now and then while the groups run: others may use the key too, and the credit day may begin at another
/// hour.
boost::asio::awaitable<void> watch_account(term_context& context, event& tap);

}  // namespace oes
