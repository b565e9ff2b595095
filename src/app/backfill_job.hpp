#pragma once
// The backfill on the requests, beside the request groups: the same committer, source and budget.
#include <boost/asio/awaitable.hpp>

#include "app/backfill_report.hpp"
#include "app/term.hpp"
#include "pipeline/writer.hpp"
#include "reader/reader.hpp"

namespace oes {

/// The one on the requests, to its end or until the tap closes: then it stays there, if it is still wanted.
boost::asio::awaitable<void> do_backfill(term_context& context, reader& read, writer& write);

}  // namespace oes
