#pragma once
// The diff with the ledger (records/selection.hpp) in slices: health, watchdog and signals are served in between.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "records/selection.hpp"

namespace oes {

/// `answer` and `published` outlive the wait.
boost::asio::awaitable<selection> choose_changes(const time_series_answer& answer, std::size_t block,
                                                 const ledger& published, selection_question question,
                                                 boost::asio::any_io_executor loop);

}  // namespace oes
