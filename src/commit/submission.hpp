#pragma once
// What one group hands over to the committer.
#include <optional>
#include <utility>
#include <vector>

#include "model/batch.hpp"
#include "model/ledger.hpp"
#include "model/member_patch.hpp"
#include "model/progress.hpp"
#include "model/work_in_hand.hpp"
#include "progress/operator_reason.hpp"

namespace oes {

/// Records (may be none), and what is known once they are committed.
struct submission {
  record_batch batch;
  std::vector<std::pair<member_key, member_patch>> changes;
  std::vector<ledger_update> ledger = {};
  std::optional<operator_reason> reason = {};  ///< why records that follow are published again
  transaction_purpose purpose = transaction_purpose::commit;
  std::optional<work_in_hand> work = {};  ///< what it comes of
};

}  // namespace oes
