#pragma once
// What the daemon is asked by: its HTTP endpoint, and the control socket beside progress.json.
#include <boost/asio/awaitable.hpp>

#include "app/config_reload.hpp"
#include "app/parts.hpp"
#include "app/request_queue.hpp"
#include "async/event.hpp"

namespace oes {

/// Until `finished`. A port that is taken stops no data: it is told, and tried again; other settings are taken over
/// when they come.
boost::asio::awaitable<void> serve_status(parts& all, config_reload& config, event& finished);

/// Until `finished`. Without the socket the daemon still does its work: no job can be taken, which is told.
boost::asio::awaitable<void> serve_operators(parts& all, request_queue& requests, config_reload& config,
                                             event& finished);

}  // namespace oes
