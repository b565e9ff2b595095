#pragma once
// The settings of our topics, looked at again now and then: somebody may have changed them.
#include <boost/asio/awaitable.hpp>
#include <vector>

#include "async/clock.hpp"
#include "async/event.hpp"
#include "config/configuration.hpp"
#include "groups/request_group.hpp"
#include "telemetry/log.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

/// Whose topics, and who hears of them.
struct topic_watch {
  const configuration& config;
  const std::vector<request_group>& groups;
  const time_source& clock;
  daemon_status& board;
  logger& log;
};

/// At once and then every hour, until the tap closes. A topic that would not do any more, or does not keep what is
/// promised of it, is trouble that is told until it does; what runs goes on.
boost::asio::awaitable<void> watch_topics(topic_watch by, event& tap);

}  // namespace oes
