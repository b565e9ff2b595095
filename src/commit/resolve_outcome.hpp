#pragma once
// What the progress topic, read to its end after a new init, says of a transaction whose outcome is unknown. Pure.
#include <cstdint>
#include <string>

#include "model/progress.hpp"

namespace oes {

enum class resolved_outcome {
  committed,
  not_committed,
  another_leads,  ///< and nothing may be sent
};

/// `found`: as read. `instance`: ours; `owner`: of the newest claim before the transaction (ours, or, for our claim
/// itself, the predecessor's). A foreign claim means that we lost
/// leadership; the sequence is ignored then, it may count the new leader's transactions.
resolved_outcome resolve_outcome(const progress_state& found, const std::string& instance, const std::string& owner,
                                 std::int64_t sequence);

}  // namespace oes
