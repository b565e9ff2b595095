#pragma once
// What a transaction has to write to take the progress topic from one state to the next. Pure.
#include <vector>

#include "model/batch.hpp"
#include "model/progress.hpp"

namespace oes {

/// Members that are new or differ, as records with `after`'s sequence, of their months those that differ; before them
/// tombstones for what is gone. What Kafka holds in format 1 is written anew, as a whole. Begin, claim and head are the
/// caller's. From a default state: every member of `after`.
std::vector<progress_message> encode_changes(const progress_state& before, const progress_state& after);

}  // namespace oes
