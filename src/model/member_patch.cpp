#include "model/member_patch.hpp"

#include <algorithm>

namespace oes {
namespace {

// A refresh goes from its beginning to its end: pieces without number would mean that something else is wrong, and cost
// no more than being read once more.
constexpr std::size_t most_pieces = 200;

void add_done(refresh_mark& refresh, const range_set& done) {
  for (const auto& range : done.ranges()) {
    refresh.done.add(range);
    if (refresh.done.ranges().size() > most_pieces) refresh.done.remove(refresh.done.ranges().front());
  }
}

}  // namespace

bool is_untouched(const member_progress& member) {
  return member.position == member.start && member.labels.empty() && !member.refresh;
}

network_time reach_of(const member_patch& patch) {
  auto reach = network_time::min();
  for (const auto& label : {patch.position, patch.ledger_from, patch.restart}) {
    reach = std::max(reach, label.value_or(reach));
  }
  for (const auto* ranges : {&patch.covered, &patch.closed, &patch.read_again}) {
    if (!ranges->empty()) reach = std::max(reach, ranges->ranges().back().end);
  }
  for (const auto& hole : patch.gaps) reach = std::max(reach, hole.range.end);
  return reach;
}

void apply(member_progress& to, const member_patch& patch) {
  if (patch.restart && is_untouched(to)) to.start = to.position = to.ledger_from = *patch.restart;
  history_edit labels(to.labels);
  for (const auto& range : patch.covered.ranges()) labels.cover(range);
  for (const auto& range : patch.closed.ranges()) labels.close(range);
  for (const auto& hole : patch.gaps) labels.add_gap(hole);
  labels.finish();
  if (patch.position) to.position = std::max(to.position, *patch.position);
  if (patch.ledger_from) to.ledger_from = std::max(to.ledger_from, *patch.ledger_from);
  if (patch.refresh) to.refresh = patch.refresh;
  if (to.refresh) add_done(*to.refresh, patch.read_again);
  if (patch.refresh_is_over) to.refresh.reset();
}

}  // namespace oes
