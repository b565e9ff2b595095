#pragma once
// What a chunk does to the ledgers of a group.
#include <vector>

#include "model/ledger.hpp"
#include "pipeline/delivery.hpp"

namespace oes {

/// Enters what `chunk` publishes, forgets what has left the horizon, and returns both as the progress topic must learn
/// it. `begins` is where each step's ledger begins once the chunk is committed (parallel to `steps`): only points from
/// there on are kept; none: the ledger is left alone.
std::vector<ledger_update> enter_chunk(const request_group& group, std::vector<ledger>& ledgers,
                                       const time_series_answer& answer, const std::vector<member_step>& steps,
                                       const std::vector<std::optional<network_time>>& begins,
                                       const built_chunk& chunk);

}  // namespace oes
