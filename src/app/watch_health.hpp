#pragma once
// Tells the judgement of health where it is not asked for: systemd's STATUS=, the metrics, and the log when it changes.
#include <boost/asio/awaitable.hpp>

#include "app/telling_parts.hpp"
#include "async/clock.hpp"
#include "async/event.hpp"
#include "commit/committer.hpp"
#include "publish/producer_watch.hpp"
#include "publish/publisher.hpp"
#include "report/reporter.hpp"

namespace oes {

/// While lead() waits: a standby that waits for a leader is well; where nobody can lead it says why. Until cancelled.
boost::asio::awaitable<void> watch_waiting(publisher& to, reporter& report);

/// While leading: a Kafka that has fallen silent, long before its deadlines are over. Until `over`.
boost::asio::awaitable<void> watch_commits(reporter& report, const committer& to, event& over);

/// What is judged, and who is told.
struct health_watch {
  const time_source& clock;
  const producer_watch& producers;
  telling_parts& telling;
  const bool& is_ready;  ///< the service manager was told that the start is through
};

/// Until `finished`.
boost::asio::awaitable<void> watch_health(health_watch by, event& finished);

}  // namespace oes
