#pragma once
// What the daemon is asked by: its HTTP endpoint, and the control socket beside progress.json.
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "app/config_reload.hpp"
#include "app/parts.hpp"
#include "app/request_queue.hpp"
#include "async/event.hpp"
#include "files/lock_file.hpp"

namespace oes {

/// Until `finished`. A port that is taken stops no data: it is told, and tried again; other settings are taken over
/// when they come.
boost::asio::awaitable<void> serve_status(parts& all, config_reload& config, event& finished);

/// Until `finished`. Without the socket the daemon still does its work: no job can be taken, which is told. Socket and
/// lock that somebody takes away are made again.
boost::asio::awaitable<void> serve_operators(parts& all, std::shared_ptr<lock_file>& lock, request_queue& requests,
                                             config_reload& config, event& finished);

}  // namespace oes
