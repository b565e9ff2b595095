#pragma once
// A backfill's job → the order it means, and what it would take: requests, credits, records, time. No request is made.
#include <map>
#include <vector>

#include "backfill/backfill_plan.hpp"
#include "facilities/facility_directory.hpp"
#include "groups/request_group.hpp"
#include "model/ledger.hpp"
#include "model/plan_limits.hpp"
#include "operate/job.hpp"
#include "schedule/rationing.hpp"

namespace oes {

backfill_order order_of(const job& asked);

/// How many series a label of each member has, on average over the ledger.
std::map<member_key, double> density_of(const ledger_book& ledger);

/// What the estimate goes by.
struct backfill_outlook {
  const std::vector<request_group>& groups;
  const facility_directory& facilities;
  const plan_limits& limits;
  const rationing& budget;
  const std::map<member_key, double>& density;  ///< as density_of() tells
  utc_time now;
};

/// Lines for the operator, or a refusal. `members`: as committed, new ones as they begin.
job_answer estimate_backfill(const backfill_outlook& by, const std::map<member_key, member_progress>& members,
                             const job& asked);

}  // namespace oes
