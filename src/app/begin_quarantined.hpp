#pragma once
// Work that ended the processes before: begun when its pause is over; whatever else runs meanwhile.
#include <boost/asio/awaitable.hpp>

#include "app/ends_before.hpp"
#include "pipeline/facility_keeper.hpp"
#include "pipeline/poll_loop.hpp"

namespace oes {

boost::asio::awaitable<void> run_quarantined(quarantine apart, poll_loop polling, const poll_context& by);
boost::asio::awaitable<void> keep_facilities_quarantined(quarantine apart, facility_keeper keeper,
                                                         const poll_context& by, reader& read, writer& write);

/// What readers and the committer tell goes to `ends`, which outlives them.
work_watch watched_by(ends_before& ends);

}  // namespace oes
