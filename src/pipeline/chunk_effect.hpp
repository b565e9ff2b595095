#pragma once
// What a chunk does to one member: the part of the answer's patch that the chunk carries. Pure.
#include <optional>

#include "groups/request_group.hpp"
#include "model/ledger.hpp"
#include "model/member_patch.hpp"
#include "pipeline/plan_steps.hpp"

namespace oes {

/// What one member has once its chunk is committed.
struct chunk_effect {
  std::size_t member = 0;
  member_patch patch;
  std::optional<network_time> ledger_begin;  ///< from there on what is published is entered; none: nothing is
  ledger_update ledger = {};
};

/// What the chunk of labels in `part` adds to the step's member, which stood at `before` when its answer came. The
/// ledger reaches back by the horizon from the position that the chunk itself commits: what a later chunk compares, or
/// a restart after this one, stays in it.
/// Throws std::logic_error where progress would say more than the chunk carries: a fault of ours, which must not reach
/// Kafka.
chunk_effect effect_of(const request_group& group, const member_step& step, const member_progress& before,
                       time_range part, utc_time now);

/// What the labels of an answer that lie in `part` add to a member.
member_patch patch_of(const advance_answer& advance, time_range part, utc_time now);

}  // namespace oes
