#pragma once
// Where a term begins, and what its first transaction does: by what Kafka and the witness agree on; or, where an
// operator's change is all that the term is for, with that change over whatever the two say.
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/agreement.hpp"
#include "app/both_sides.hpp"
#include "app/term_context.hpp"
#include "commit/progress_commit.hpp"

namespace oes {

struct term_start {
  progress_snapshot from;
  last_offsets recorded;       ///< as Kafka's records have them
  std::int64_t lands_at = -1;  ///< where the claim must land (committer)
  ledger_book ledger;          ///< as committed
  /// That Kafka does not hold yet, or must hold in another form.
  std::vector<std::pair<member_key, member_progress>> members;
  std::optional<progress_commit> change;  ///< made with the claim, in place of `members`
};

/// As the one writer. Errors: those of agree().
boost::asio::awaitable<result<term_start>> start_by_agreement(term_context& context, what_is_known known);

/// What a change comes to over both sides, as they are found by who leads or before.
result<progress_edit> plan_over_both(const term_context& context, const job& asked, both_sides& found);
/// As the one writer. The change was planned and agreed to before; progress may have moved on since, so it is planned
/// again. Errors: refused, damaged, kafka_unavailable; stopped: who asked does not agree any more, which is answered.
boost::asio::awaitable<result<term_start>> start_with_edit(term_context& context, operator_request& one,
                                                           std::string cluster_id);

}  // namespace oes
