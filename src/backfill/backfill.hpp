#pragma once
// A bounded range beside the live stream: plan → fetch → decode → select → commit, chunk by chunk, until nothing of it
// is left. Each chunk's records and what it covers travel in one transaction, so whoever comes next goes on there.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backfill/recollection.hpp"
#include "progress/operator_reason.hpp"

namespace oes {

/// How far it is.
struct backfill_news {
  std::size_t done = 0;           ///< chunks
  std::size_t left = 0;           ///< as planned now
  std::size_t requests = 0;       ///< sent, repeated ones too
  std::size_t records = 0;        ///< committed
  time_range chunk{};             ///< under way
  std::string waits_for;          ///< empty: under way; else why nothing is asked for now
  std::optional<utc_time> until;  ///< when it goes on
  std::string out_of_reach;       ///< what was not asked for since the plan's history does not hold it; for people
};

/// Where a backfill works; borrowed, outlives it.
struct backfill_context {
  const std::vector<request_group>& groups;
  reader& read;
  writer& write;
  std::function<void(const backfill_news&)> tell;
  std::function<bool()> goes_on;  ///< false: whoever asked for it is gone
  recall_published recall;        ///< what was published before
};

/// Completes when nothing is left, and where only a better plan than the assumed one reaches all of it, not before the
/// key's plan is known. Errors: stopped (the tap closed, or nobody wants it any more: what is done stays
/// done), fenced, refused (the order makes no sense, or records that a refresh needs are gone), rejected, bad_key.
boost::asio::awaitable<result<backfill_news>> run_backfill(backfill_order order, operator_reason why,
                                                           backfill_context& context);

}  // namespace oes
