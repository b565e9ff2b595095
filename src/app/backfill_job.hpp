#pragma once
// The backfill on the desk, beside the request groups: the same committer, source and budget.
#include <boost/asio/awaitable.hpp>

#include "app/backfill_report.hpp"
#include "app/term.hpp"
#include "pipeline/corridor.hpp"

namespace oes {

/// Does what comes to the desk until the tap closes. What is not finished then stays on the desk for the next walk.
/// With run_mode::backfill: the one that is there, and no more.
boost::asio::awaitable<void> do_backfills(term_context& context, corridor& c);

}  // namespace oes
