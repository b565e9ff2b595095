#pragma once
// What Kafka and the witness agree on where a term begins, and what follows from it (guarantee.md §3).
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "app/both_sides.hpp"
#include "async/event.hpp"
#include "progress/reconcile.hpp"
#include "publish/publisher.hpp"
#include "publish/topics.hpp"
#include "report/reporter.hpp"

namespace oes {

/// What Kafka is held against.
struct what_is_known {
  found_progress file;
  std::string cluster_id;
  witness by = witness::file;
  bool fresh_allowed = false;
};

/// refused: this is another cluster, and our progress topic is not there. Nobody can lead by a topic that is missing,
/// and in a cluster that is not ours none is made. nullopt: Kafka has to be read.
std::optional<error> refused_unread(const what_is_known& known, const topic_report& topics,
                                    const std::string& progress);

struct agreement {
  both_sides found;
  reconcile_decision decision;
};

/// What it is reached with: how both sides are found, and whom that concerns meanwhile.
struct agreement_context {
  progress_sight by;
  oes::publisher& publisher;
  reporter& report;
  event& stop;
};

/// As the one writer. Kafka that shows less than is known is read again for a while, with new clients: a single look at
/// a broker that lags behind convicts nobody. Errors: refused, damaged; kafka_unavailable; stopped.
boost::asio::awaitable<result<agreement>> agree(agreement_context with, what_is_known known);

}  // namespace oes
