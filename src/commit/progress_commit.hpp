#pragma once
// An operator's change to progress as a transaction: no data travels with it, a reason does. Pure.
#include <string>

#include "model/batch.hpp"
#include "model/ledger.hpp"
#include "model/progress.hpp"
#include "operate/progress_edit.hpp"
#include "progress/operator_reason.hpp"

namespace oes {

struct progress_commit {
  whole_progress wanted;  ///< members, ledger, and last_version where it rises; sequence and claim are the committer's
  ledger_book ledger_before;  ///< as committed
  operator_reason reason;
};

/// What is committed next after `held`: `wanted`'s members under the next sequence.
progress_state edited(const progress_state& held, const progress_commit& change);

/// Ledger, then tombstones and changed members from `held` to `after`, and the reason as the last record before what
/// the committer adds (claim, ends, head).
transaction make_progress_commit(const progress_state& held, const progress_state& after, const progress_commit& change,
                                 const std::string& instance);

}  // namespace oes
