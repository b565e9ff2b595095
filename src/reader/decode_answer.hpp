#pragma once
// Raw answer → the series that a group's members are after, in slices: health, watchdog and signals are served in
// between.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "groups/request_group.hpp"
#include "model/answer.hpp"
#include "model/error.hpp"
#include "model/facility.hpp"

namespace oes {

/// `metrics`: those asked for; for wide records the columns, and the answer has one block, `*`. Error: malformed.
boost::asio::awaitable<result<time_series_answer>> decode_answer(raw_answer answer, const request_group& group,
                                                                 std::vector<std::string> metrics,
                                                                 boost::asio::any_io_executor loop);

/// The list of facilities, in slices too; on the executor of whoever awaits it. Error: malformed.
boost::asio::awaitable<result<facility_list>> decode_facility_list(std::string body);

}  // namespace oes
