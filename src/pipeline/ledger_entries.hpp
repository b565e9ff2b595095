#pragma once
// What a chunk does to the ledgers of a group. Pure.
#include <vector>

#include "model/ledger.hpp"
#include "pipeline/plan_steps.hpp"

namespace oes {

/// What the progress topic must learn of it: the points that `chunk` publishes, the labels that have left the horizon.
/// `begins` is where each step's ledger begins once the chunk is committed (parallel to `steps`): only points from
/// there on are kept; none: the ledger is left alone. Parallel to `steps`. The ledgers themselves follow the commit:
/// apply().
std::vector<ledger_update> ledger_updates(const request_group& group, const std::vector<ledger>& ledgers,
                                          const time_series_answer& answer, const std::vector<member_step>& steps,
                                          const std::vector<std::optional<network_time>>& begins,
                                          const built_chunk& chunk);

/// The update is committed, and the ledger begins at `begin`.
void apply(ledger& to, const ledger_update& update, network_time begin);

}  // namespace oes
