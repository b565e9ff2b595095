#pragma once
// What a transaction has to write to take the progress topic from one state to the next. Pure.
#include <vector>

#include "model/batch.hpp"
#include "model/progress.hpp"

namespace oes {

/// Members that are new or differ, as records with `after`'s sequence and last_version, behind tombstones for those
/// that are gone. Begin and claim are the caller's. From a default state: every member of `after`. Where no member
/// changed but last_version rose, or where a tombstone could take the record with the highest one away, one member is
/// written again to carry it; with no member left, a claim of the caller has to.
std::vector<progress_message> encode_changes(const progress_state& before, const progress_state& after);

}  // namespace oes
