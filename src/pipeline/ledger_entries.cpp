#include "pipeline/ledger_entries.hpp"

#include <algorithm>

#include "records/value_hash.hpp"

namespace oes {
namespace {

// Enters one point; its series gets an id where it has none.
void enter(ledger& into, ledger_update& update, const series& from, const point& which, std::string_view number,
           std::uint16_t revision) {
  auto id = into.find(from.labels);
  if (!id) {
    id = into.add(from.labels);
    update.dictionary.push_back({*id, from.labels});
  }
  into.put(*id, which.label, {value_hash(number), revision});
  // Records come label by label: a label that was touched before was touched last.
  if (update.rows.empty() || update.rows.back().label != which.label) update.rows.push_back({which.label, {}});
}

}  // namespace

std::vector<ledger_update> enter_chunk(const request_group& group, std::vector<ledger>& ledgers,
                                       const time_series_answer& answer, const std::vector<member_step>& steps,
                                       const std::vector<std::optional<network_time>>& begins,
                                       const built_chunk& chunk) {
  std::vector<ledger_update> updates(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) updates[i].member = group.members[steps[i].member].key;
  for (const auto& record : chunk.emitted) {
    const auto& step = steps[record.plan];
    const auto& chosen = step.records.chosen;
    const auto& from = answer.blocks[chosen.block].all[record.series];
    const auto& which = from.points[record.point];
    if (!begins[record.plan] || which.label < *begins[record.plan]) continue;
    enter(ledgers[step.member], updates[record.plan], from, which, answer.text(which),
          chosen.revisions[record.series][record.point]);
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!begins[i]) continue;  // older than the ledger: nothing was entered
    auto& known = ledgers[steps[i].member];
    for (auto& row : updates[i].rows) row = known.row(row.label);
    updates[i].forgotten = known.forget_before(*begins[i]);
  }
  std::erase_if(updates,
                [](const ledger_update& u) { return u.dictionary.empty() && u.rows.empty() && u.forgotten.empty(); });
  return updates;
}

}  // namespace oes
