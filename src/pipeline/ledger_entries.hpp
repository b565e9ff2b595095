#pragma once
// What a chunk does to the ledgers of a group.
#include <vector>

#include "model/ledger.hpp"
#include "pipeline/delivery.hpp"

namespace oes {

/// Enters what `chunk` publishes, forgets what has left the horizon, and returns both as the progress topic must learn
/// it. `after` is where each step's member stands once the chunk is committed (parallel to `steps`): only points from
/// its `ledger_from` on are kept.
std::vector<ledger_update> enter_chunk(const request_group& group, std::vector<ledger>& ledgers,
                                       const time_series_answer& answer, const std::vector<member_step>& steps,
                                       const std::vector<member_progress>& after, const built_chunk& chunk);

}  // namespace oes
