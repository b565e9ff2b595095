#pragma once
// SIGHUP: the configuration file is read again.
#include <boost/asio/awaitable.hpp>

#include "app/config_reload.hpp"

namespace oes {

/// Reloads at every SIGHUP until `finished`; also afterwards SIGHUP does not end the process. Signals that come while
/// one reload is under way are one more.
boost::asio::awaitable<void> reload_on_hangup(config_reload& config, event& finished);

}  // namespace oes
