#pragma once
// What everybody publishes with: the committer, and how much of an answer one transaction may hold.
#include <boost/asio/any_io_executor.hpp>

#include "async/clock.hpp"
#include "async/failure.hpp"
#include "commit/committer.hpp"
#include "report/reporter.hpp"

namespace oes {

/// Borrows everything; one per term of leadership, shared by all who publish.
struct writer {
  boost::asio::any_io_executor loop;
  committer& to;
  chunk_limits chunk;
  const time_source& clock;
  reporter& report;
  failure_handler on_failure;
};

}  // namespace oes
