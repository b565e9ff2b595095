#pragma once
// Tells the judgement of health where it is not asked for: systemd's STATUS=, the metrics, and the log when it changes.
#include <boost/asio/awaitable.hpp>

#include "app/parts.hpp"

namespace oes {

/// Until `finished`.
boost::asio::awaitable<void> watch_health(parts& all, event& finished);

}  // namespace oes
