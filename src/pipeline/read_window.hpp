#pragma once
// The first half of the walk: a window of the API → its answer, to be understood next.
#include "pipeline/corridor.hpp"
#include "pipeline/understand.hpp"

namespace oes {

/// Waits for a credit and its turn. Errors: stopped, rate_limited (none is to be had now; says when to ask again).
boost::asio::awaitable<result<void>> take_credit(corridor& c, spend_on purpose);

/// Ends at once when the tap closes (stopped): nothing has been begun.
boost::asio::awaitable<result<raw_answer>> fetch_window(const request_group& group, std::vector<std::string> metrics,
                                                        time_window window, corridor& c);

/// Failures that a smaller window may not have.
bool shrinks_window(errc code);

}  // namespace oes
