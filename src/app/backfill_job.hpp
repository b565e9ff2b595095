#pragma once
// The backfill on the requests, beside the request groups: the same committer, source and budget.
#include <boost/asio/awaitable.hpp>
#include <vector>

#include "app/request_queue.hpp"
#include "config/configuration.hpp"
#include "groups/request_group.hpp"
#include "pipeline/poll_context.hpp"
#include "pipeline/writer.hpp"
#include "reader/reader.hpp"
#include "telemetry/log.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

/// Where the job lies, whose streams it is about, and who hears of it.
struct background_context {
  request_queue& requests;
  const configuration& config;
  const std::vector<request_group>& groups;
  const facility_directory& facilities;
  daemon_status& board;
  logger& log;
};

/// The one on the requests, to its end or until the tap closes: then it stays there, if it is still wanted.
boost::asio::awaitable<void> do_backfill(background_context& context, const poll_context& by, reader& read,
                                         writer& write);

}  // namespace oes
