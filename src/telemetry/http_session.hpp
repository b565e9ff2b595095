#pragma once
// One connection of the HTTP endpoint, from accept to close.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>

#include "telemetry/http_host.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/seating.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

/// What the pages are made from; borrowed from serve_http's frame.
struct http_site {
  const metrics& numbers;
  const status_source& status;
  logger& log;
  const own_hosts& hosts;
  seating& seats;
};

/// Answers requests until the client leaves, is too slow (2 s for its first request, 10 s for
/// another one or for taking an answer), has to make room, sends what is
/// not HTTP, or the coroutine is cancelled. Header at most 8 KiB; a body is never read: the connection ends after the
/// answer.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, const http_site& site);

}  // namespace oes
