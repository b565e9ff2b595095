#include "pipeline/chunk_effect.hpp"

#include <algorithm>
#include <stdexcept>

#include "model/fault_point.hpp"

namespace oes {
namespace {

void check_reach(const request_group& group, const member_step& step, const member_patch& patch, time_range part) {
  if (reach_of(patch) <= part.end || seeded_bug("ledger-ahead")) return;
  throw std::logic_error("stream '" + group.members[step.member].stream() + "': progress would reach " +
                         format(reach_of(patch)) + ", beyond its chunk, which ends at " + format(part.end));
}

}  // namespace

member_patch patch_of(const advance_answer& advance, time_range part, utc_time now) {
  const auto within = [part](time_range r) {
    return time_range{std::max(r.begin, part.begin), std::min(r.end, part.end)};
  };
  member_patch patch;
  for (const auto& range : advance.publish) patch.covered.add(within(range));
  for (const auto& hole : advance.holes) {
    const auto passed = within(hole);
    if (!passed.empty()) patch.gaps.push_back({passed, "no_data", now});
  }
  if (advance.moved) patch.position = std::min(advance.position, part.end);
  return patch;
}

chunk_effect effect_of(const request_group& group, const member_step& step, const member_progress& before,
                       time_range part, utc_time now) {
  chunk_effect out{step.member, patch_of(step.advance, part, now), std::nullopt};
  auto& patch = out.patch;
  for (const auto& range : step.read_again.ranges()) {
    patch.read_again.add({std::max(range.begin, part.begin), std::min(range.end, part.end)});
  }
  if (!step.keep_from) {
    for (const auto& hole : patch.gaps) patch.closed.add(hole.range);  // known gaps get the newer reason
    check_reach(group, step, patch, part);
    return out;
  }
  const auto position = std::max(before.position, patch.position.value_or(before.position));
  const auto horizon = bucket_floor(position - horizon_of(group.re_reads), group.identity.interval);
  auto begin = std::min({horizon, *step.keep_from, part.end});
  if (seeded_bug("ledger-ahead"))
    begin = bucket_floor(step.advance.position - horizon_of(group.re_reads), group.identity.interval);
  if (begin > before.ledger_from) patch.ledger_from = begin;
  out.ledger_begin = std::max(begin, before.ledger_from);
  check_reach(group, step, patch, part);
  return out;
}

}  // namespace oes
