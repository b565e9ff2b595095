#include "pipeline/ledger_entries.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>

#include "records/value_hash.hpp"

namespace oes {
namespace {

bool by_series(const ledger_cell& a, const ledger_cell& b) { return a.series < b.series; }

// The row as it was, with what is new of it.
std::vector<ledger_cell> joined(const std::vector<ledger_cell>& was, std::vector<ledger_cell> fresh) {
  std::sort(fresh.begin(), fresh.end(), by_series);
  std::vector<ledger_cell> out;
  out.reserve(was.size() + fresh.size());
  auto old = was.begin();
  for (const auto& cell : fresh) {
    while (old != was.end() && old->series < cell.series) out.push_back(*old++);
    if (old != was.end() && old->series == cell.series) ++old;
    out.push_back(cell);
  }
  out.insert(out.end(), old, was.end());
  return out;
}

// One member's update in the making.
class entries {
 public:
  entries(const ledger& known, ledger_update& update, number_form numbers)
      : known_(known), update_(update), numbers_(numbers) {}

  void enter(const series& from, network_time label, std::string_view number, std::uint16_t revision) {
    // Records come label by label: a label that was touched before was touched last.
    if (update_.rows.empty() || update_.rows.back().label != label) update_.rows.push_back({label, {}});
    update_.rows.back().cells.push_back({value_hash(number, numbers_), id_of(from), revision});
  }

  void finish() {
    for (auto& row : update_.rows) row.cells = joined(known_.row(row.label).cells, std::move(row.cells));
  }

 private:
  // A series gets an id where it has none.
  std::uint16_t id_of(const series& from) {
    if (const auto known = known_.find(from.labels)) return *known;
    const auto next = known_.series() + update_.dictionary.size();
    const auto [place, is_new] = new_ids_.try_emplace(&from, static_cast<std::uint16_t>(next));
    if (!is_new) return place->second;
    if (next > std::numeric_limits<std::uint16_t>::max()) throw std::length_error("over 65,535 series in a metric");
    update_.dictionary.push_back({place->second, from.labels});
    return place->second;
  }

  const ledger& known_;
  ledger_update& update_;
  number_form numbers_;
  std::map<const series*, std::uint16_t> new_ids_;  ///< an answer has each series once
};

}  // namespace

std::vector<ledger_update> ledger_updates(const request_group& group, const std::vector<ledger>& ledgers,
                                          const time_series_answer& answer, const std::vector<member_step>& steps,
                                          const std::vector<std::optional<network_time>>& begins,
                                          const built_chunk& chunk) {
  std::vector<ledger_update> updates(steps.size());
  std::vector<std::optional<entries>> making(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    updates[i].member = group.members[steps[i].member].key;
    if (!begins[i]) continue;  // older than the ledger
    making[i].emplace(ledgers[steps[i].member], updates[i], numbers_of(steps[i].records.options));
  }
  for (const auto& record : chunk.emitted) {
    const auto& step = steps[record.plan];
    const auto& chosen = step.records.chosen;
    const auto& from = answer.blocks[chosen.block].all[record.series];
    const auto& which = from.points[record.point];
    if (!making[record.plan] || which.label < *begins[record.plan]) continue;
    making[record.plan]->enter(from, which.label, answer.text(which), chosen.revisions[record.series][record.point]);
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!making[i]) continue;
    making[i]->finish();
    updates[i].forgotten = ledgers[steps[i].member].labels_before(*begins[i]);
  }
  return updates;
}

void apply(ledger& to, const ledger_update& update, network_time begin) {
  for (const auto& entry : update.dictionary) {
    if (to.add(entry.labels) != entry.series) throw std::logic_error("a series got another id than was committed");
  }
  for (const auto& row : update.rows) {
    for (const auto& cell : row.cells) to.put(cell.series, row.label, {cell.value_hash, cell.revision});
  }
  to.forget_before(begin);
}

}  // namespace oes
