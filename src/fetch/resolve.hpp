#pragma once
// Name → addresses, with a deadline and a stop that do not wait for the system's resolver.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "async/clock.hpp"
#include "model/error.hpp"

namespace oes {

using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
/// A blocking lookup; called on a thread of its own.
using lookup_function =
    std::function<endpoints(const std::string& host, std::uint16_t port, boost::system::error_code& ec)>;

/// getaddrinfo.
endpoints system_lookup(const std::string& host, std::uint16_t port, boost::system::error_code& ec);

/// An address literal is answered at once. Errors: unreachable, stopped.
boost::asio::awaitable<result<endpoints>> resolve(lookup_function lookup, std::string host, std::uint16_t port,
                                                  steady_time deadline);

}  // namespace oes
