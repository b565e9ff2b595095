#pragma once
// What Kafka has of this deployment's progress, with what the file has beside it (guarantee.md §3).
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "app/topic_look.hpp"
#include "async/clock.hpp"
#include "model/ledger.hpp"
#include "progress/progress_store.hpp"
#include "progress/reconcile.hpp"

namespace oes {

/// What they are found with.
struct progress_sight {
  topic_sight topics;
  progress_store& store;
  const time_source& clock;
};

/// The ledger only Kafka has.
struct both_sides {
  reconcile_input sides;
  ledger_book ledger;
  std::int64_t lands_at = -1;  ///< where the claim must land (committer)
};

/// Reads Kafka's progress to its end and puts the file beside it. An unreadable topic is refused with its ways out.
boost::asio::awaitable<result<both_sides>> find_both_sides(progress_sight by, found_progress file,
                                                           std::string cluster_id);

/// The cluster that what is known is of; empty: nothing is.
std::string home_of(const found_progress& known);

}  // namespace oes
