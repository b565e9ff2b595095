#pragma once
// What the status board knows, as series; made at each scrape, so that there is one source of truth, lag is of now, and
// a stream that is gone has none. Behind metrics.cpp.
#include "telemetry/metric_families.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

/// Of the daemon, the API's credits, Kafka.
void add_daemon_families(metric_families& out, const daemon_status& status);
/// Of each stream.
void add_stream_families(metric_families& out, const daemon_status& status);

/// Unix seconds; 0: not yet.
double unix_seconds(const std::optional<utc_time>& at);

}  // namespace oes
