#include "model/member_patch.hpp"

#include <algorithm>

namespace oes {
namespace {

std::vector<gap> outside(const std::vector<gap>& gaps, const range_set& what) {
  std::vector<gap> left;
  for (const auto& one : gaps) {
    for (const auto& part : what.missing(one.range)) {
      left.push_back(one);
      left.back().range = part;
    }
  }
  return left;
}

// The chunks of one answer find a hole piece by piece: it is one gap.
void join_pieces(std::vector<gap>& gaps) {
  std::sort(gaps.begin(), gaps.end(), [](const gap& a, const gap& b) { return a.range.begin < b.range.begin; });
  std::vector<gap> joined;
  for (auto& one : gaps) {
    const bool goes_on = !joined.empty() && joined.back().range.end == one.range.begin &&
                         joined.back().reason == one.reason && joined.back().found_at == one.found_at &&
                         joined.back().given_up_at == one.given_up_at;
    if (goes_on) {
      joined.back().range.end = one.range.end;
    } else {
      joined.push_back(std::move(one));
    }
  }
  gaps = std::move(joined);
}

}  // namespace

bool is_untouched(const member_progress& member) {
  return member.position == member.start && member.covered.empty() && member.gaps.empty() && !member.refresh;
}

void apply(member_progress& to, const member_patch& patch) {
  if (patch.restart && is_untouched(to)) to.start = to.position = to.ledger_from = *patch.restart;
  for (const auto& range : patch.covered.ranges()) to.covered.add(range);
  if (!patch.closed.empty()) to.gaps = outside(to.gaps, patch.closed);
  range_set known;
  for (const auto& one : to.gaps) known.add(one.range);
  const auto found = outside(patch.gaps, known);
  to.gaps.insert(to.gaps.end(), found.begin(), found.end());
  to.gaps = outside(to.gaps, to.covered);
  join_pieces(to.gaps);
  if (patch.position) to.position = std::max(to.position, *patch.position);
  if (patch.ledger_from) to.ledger_from = std::max(to.ledger_from, *patch.ledger_from);
  if (patch.refresh) to.refresh = patch.refresh;
  for (const auto& range : patch.read_again.ranges()) {
    if (to.refresh) to.refresh->done.add(range);
  }
  if (patch.refresh_is_over) to.refresh.reset();
}

}  // namespace oes
