#pragma once
// Tells the judgement of health where it is not asked for: systemd's STATUS=, the metrics, and the log when it changes.
#include <boost/asio/awaitable.hpp>

#include "app/parts.hpp"
#include "commit/committer.hpp"

namespace oes {

/// While lead() waits: a standby that waits for a leader is well; where nobody can lead it says why. Until cancelled.
boost::asio::awaitable<void> watch_waiting(parts& all);

/// While leading: a Kafka that has fallen silent, long before its deadlines are over. Until `over`.
boost::asio::awaitable<void> watch_commits(parts& all, const committer& to, event& over);

/// Until `finished`.
boost::asio::awaitable<void> watch_health(parts& all, event& finished);

}  // namespace oes
