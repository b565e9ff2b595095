#pragma once
// How this room awaits: error codes as values, so that a cancelled wait is not an exception.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace oes {

inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<>> as_result(boost::asio::use_awaitable);

}  // namespace oes
