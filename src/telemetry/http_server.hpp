#pragma once
// The daemon's own HTTP endpoint: /metrics, /livez, /readyz, /status.json, and the status page at /.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "model/error.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/status_board.hpp"
#include "telemetry/telemetry_settings.hpp"

namespace oes {

/// Serves until cancelled, which is a success; owns its connections and ends them before it returns. At most 32
/// connections at a time, 16 of one peer: the one that has waited longest makes room (seating.hpp). Every read and
/// write has a deadline. `status` is asked at each request. A port that is taken is an error naming address and port.
/// Port 0 takes any free one; `on_listening` is told.
boost::asio::awaitable<result<void>> serve_http(telemetry_settings settings, const metrics& numbers,
                                                status_source status, logger& log,
                                                std::function<void(std::uint16_t)> on_listening = {});

}  // namespace oes
