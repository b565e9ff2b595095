#pragma once
// A bounded range beside the live stream: plan → fetch → decode → select → commit, chunk by chunk, until nothing of it
// is left. Each chunk's records and what it covers travel in one transaction, so whoever comes next goes on there.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/backfill_plan.hpp"
#include "pipeline/corridor.hpp"
#include "progress/operator_reason.hpp"
#include "records/ledger.hpp"

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
};

/// What the data topics hold of some members of a group, for answers to be compared with.
struct published_before {
  time_range labels;
  std::vector<ledger> known;  ///< parallel to the members that were asked for
  std::string gone;           ///< not empty: records that should be there are not; for people
};

/// Where a backfill works; borrowed, outlives it.
struct backfill_bench {
  const std::vector<request_group>& groups;
  corridor& c;
  std::function<void(const backfill_news&)> tell;
  std::function<bool()> goes_on;  ///< false: whoever asked for it is gone
  /// Reads the data topics; only for a refresh.
  std::function<boost::asio::awaitable<result<published_before>>(const request_group& group,
                                                                 std::vector<std::size_t> members, time_range labels)>
      recall;
};

/// Completes when nothing is left. Errors: stopped (the tap closed, or nobody wants it any more: what is done stays
/// done), fenced, refused (the order makes no sense, or records that a refresh needs are gone), rejected, bad_key.
boost::asio::awaitable<result<backfill_news>> run_backfill(backfill_order order, operator_reason why,
                                                           backfill_bench& bench);

}  // namespace oes
