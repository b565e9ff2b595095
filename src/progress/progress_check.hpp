#pragma once
// Whether all that was read of a deployment's progress can be true together. Pure.
#include "model/error.hpp"
#include "model/ledger.hpp"

namespace oes {

/// damaged, naming the record: months without their member; a ledger row far ahead of its member, for which memory
/// would have to be found (the ledger is dense).
result<void> check_progress(const progress_state& state, const ledger_book& ledger);

}  // namespace oes
