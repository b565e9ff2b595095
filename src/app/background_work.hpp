#pragma once
// What is done beside the request groups, with their committer, source and budget, one thing at a time: the backfill
// on the requests, and passes over the gaps. One at a time because both write what is older than the live streams: a
// range is never asked for and published twice.
#include <boost/asio/awaitable.hpp>

#include "app/backfill_job.hpp"
#include "pipeline/poll_context.hpp"
#include "pipeline/writer.hpp"
#include "reader/reader.hpp"

namespace oes {

/// Until the tap closes. What of a backfill is not finished then stays with the requests until the groups open again.
boost::asio::awaitable<void> run_background_work(background_context context, const poll_context& by, reader& read,
                                                 writer& write);
/// The backfill that is there, and no more.
boost::asio::awaitable<void> run_one_backfill(background_context context, const poll_context& by, reader& read,
                                              writer& write);

}  // namespace oes
