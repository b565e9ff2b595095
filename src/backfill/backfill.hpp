#pragma once
// A bounded range beside the live stream: plan → fetch → decode → select → commit, chunk by chunk, until nothing of it
// is left. Each chunk's records and what it covers travel in one transaction, so whoever comes next goes on there.
#include "backfill/backfill_context.hpp"
#include "progress/operator_reason.hpp"

namespace oes {

/// Completes when nothing is left, and where only a better plan than the assumed one reaches all of it, not before the
/// key's plan is known. Errors: stopped (the tap closed, or nobody wants it any more: what is done stays
/// done), fenced, refused (the order makes no sense, or records that a refresh needs are gone), rejected, bad_key.
boost::asio::awaitable<result<backfill_news>> run_backfill(backfill_order order, operator_reason why,
                                                           backfill_context& context);

}  // namespace oes
