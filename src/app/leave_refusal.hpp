#pragma once
// The word of a leader that must not go on, for those who know less than it does.
#include <boost/asio/awaitable.hpp>

#include "app/instance.hpp"
#include "model/error.hpp"
#include "model/progress.hpp"
#include "progress/progress_store.hpp"
#include "publish/publish_settings.hpp"
#include "publish/publisher.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// Who refuses, and what it writes with.
struct refusing_leader {
  const instance_name& instance;
  const publish_settings& settings;
  oes::publisher& publisher;
  progress_store& store;
  logger& log;
};

/// Kafka contradicts what was committed (`known`, of this process or by its file): before the lease goes to a standby,
/// the progress topic says so, and every instance refuses until an operator has decided. Only where it is the progress
/// itself that Kafka has lost, in the same topic of the same cluster; within the publisher's deadlines. Where it cannot
/// be written, a warning says so.
boost::asio::awaitable<void> leave_refusal(refusing_leader from, const progress_snapshot& known, const error& why);

}  // namespace oes
