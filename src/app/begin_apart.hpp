#pragma once
// Work that ended the processes before: begun when its pause is over; whatever else runs meanwhile.
#include <boost/asio/awaitable.hpp>

#include "app/ends_before.hpp"
#include "pipeline/corridor.hpp"
#include "pipeline/facility_keeper.hpp"

namespace oes {

boost::asio::awaitable<void> run_group_apart(set_apart apart, request_group group, group_state state, corridor& c);
boost::asio::awaitable<void> keep_facilities_apart(set_apart apart, facility_keeper keeper, corridor& c);

/// What the corridor and the committer tell goes to `ends`, which outlives them.
work_watch watched_by(ends_before& ends);

}  // namespace oes
