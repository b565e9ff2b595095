#pragma once
// A backfill's job → the order it means, and what it would take: requests, credits, records, time. No request is made.
#include <map>

#include "app/term.hpp"
#include "backfill/backfill_plan.hpp"
#include "model/ledger.hpp"
#include "operate/job.hpp"

namespace oes {

backfill_order order_of(const job& asked);

/// How many series a label of each member has, on average over the ledger.
std::map<member_key, double> density_of(const ledger_book& ledger);

/// Lines for the operator, or a refusal. `members`: as committed, new ones as they begin.
job_answer estimate_backfill(const term_context& context, const std::map<member_key, member_progress>& members,
                             const job& asked);

}  // namespace oes
