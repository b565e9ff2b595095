#pragma once
// What a transaction has to write to take the ledger on the progress topic from one form to the next. Pure.
#include <cstdint>
#include <vector>

#include "model/batch.hpp"
#include "model/ledger.hpp"

namespace oes {

/// Rows and dictionary entries that are new or differ, and tombstones for those that are gone.
std::vector<progress_message> encode_ledger_changes(const ledger_book& before, const ledger_book& after,
                                                    std::int64_t sequence);

}  // namespace oes
