#pragma once
// What follows where a planned window could not be read.
#include <boost/asio/awaitable.hpp>

#include "groups/cycle_outcome.hpp"
#include "groups/group_state.hpp"
#include "pipeline/poll_context.hpp"
#include "pipeline/writer.hpp"

namespace oes {

/// Waits, asks for less next time, searches after an empty window, or, where nothing else is left, records a gap and
/// goes on after it. How the cycle ends.
boost::asio::awaitable<cycle_outcome> after_failed_read(const request_group& group, group_state& state,
                                                        const poll_context& by, writer& write, const group_plan& plan,
                                                        error why);

}  // namespace oes
