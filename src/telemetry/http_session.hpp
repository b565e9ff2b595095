#pragma once
// One connection of the HTTP endpoint, from accept to close.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>

#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

/// What the pages are made from; borrowed from serve_http's frame.
struct http_site {
  const metrics& numbers;
  const std::function<daemon_status()>& status;
  logger& log;
};

/// Answers requests until the client leaves, is too slow (10 s for a request, 10 s for taking an answer), sends what is
/// not HTTP, or the coroutine is cancelled. Header at most 8 KiB; a body is never read: the connection ends after the
/// answer.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, const http_site& site);

}  // namespace oes
