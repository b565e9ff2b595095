#pragma once
// What Kafka and the witness agree on where a term begins, and what follows from it (guarantee.md §3).
#include <boost/asio/awaitable.hpp>
#include <string>

#include "app/parts.hpp"
#include "app/term_steps.hpp"
#include "progress/reconcile.hpp"

namespace oes {

/// What Kafka is held against.
struct what_is_known {
  found_progress file;
  std::string cluster_id;
  witness by = witness::file;
  bool fresh_allowed = false;
};

struct agreement {
  both_sides found;
  reconcile_decision decision;
};

/// As the one writer. Kafka that shows less than is known is read again for a while, with new clients: a single look at
/// a broker that lags behind convicts nobody. Errors: refused, damaged; kafka_unavailable; stopped.
boost::asio::awaitable<result<agreement>> agree(parts& all, what_is_known known);

}  // namespace oes
