#pragma once
// The first half of the walk: a window of the API → an understood answer.
#include "decode/decode.hpp"
#include "pipeline/corridor.hpp"

namespace oes {

/// Waits for a credit and its turn. Errors: stopped, rate_limited (none is to be had now; says when to ask again).
boost::asio::awaitable<result<void>> take_credit(corridor& c, spend_on purpose);

/// Ends at once when the tap closes (stopped): nothing has been begun.
boost::asio::awaitable<result<raw_answer>> fetch_window(const request_group& group, std::vector<std::string> metrics,
                                                        time_window window, corridor& c);

/// In slices, so that health, watchdog and signals are served in between. Errors: malformed.
boost::asio::awaitable<result<time_series_answer>> understand(raw_answer answer, expected_answer expected, corridor& c);

/// Failures that a smaller window may not have.
bool shrinks_window(errc code);

}  // namespace oes
