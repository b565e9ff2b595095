#include "model/label_history.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

using std::chrono::months;
using month = label_history::month;

// Where labels of the API may lie. Whatever is asked beyond is cut off.
constexpr time_range of_labels{std::chrono::local_days(std::chrono::year(1970) / 1 / 1),
                               std::chrono::local_days(std::chrono::year(2200) / 1 / 1)};

month month_of(network_time t) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(t));
  return date.year() / date.month();
}

// Whole cells; `outward`: those that the range touches, else those that it holds.
enum class rounding { inward, outward };

time_range on_cells(time_range r, rounding how) {
  r = {std::max(r.begin, of_labels.begin), std::min(r.end, of_labels.end)};
  if (r.empty()) return {};
  const auto down = [](network_time t) {
    return network_time(t.time_since_epoch() - t.time_since_epoch() % std::chrono::seconds(month_cells::size));
  };
  const auto up = [&](network_time t) { return down(t + month_cells::size - std::chrono::seconds(1)); };
  return how == rounding::inward ? time_range{up(r.begin), down(r.end)} : time_range{down(r.begin), up(r.end)};
}

std::size_t cell_of(network_time t, month which) {
  return static_cast<std::size_t>((t - begin_of(which)) / month_cells::size);
}

network_time time_of(std::size_t cell, month which) {
  return begin_of(which) + month_cells::size * static_cast<std::int64_t>(cell);
}

// Calls `see(begin, end, value, month)` for each run of equal cells of the blocks within.
template <typename See>
void each_run(const std::map<month, label_history::block>& blocks, time_range within, const See& see) {
  const auto r = on_cells(within, rounding::outward);
  if (r.empty()) return;
  for (auto at = blocks.lower_bound(month_of(r.begin)); at != blocks.end() && begin_of(at->first) < r.end; ++at) {
    const auto& [which, block] = *at;
    const auto cells = spread(*block, which).cells;
    const auto first = r.begin <= begin_of(which) ? 0 : cell_of(r.begin, which);
    const auto end = std::min(cells.size(), cell_of(std::min(r.end, begin_of(which + months(1))), which));
    for (auto i = first; i < end;) {
      auto j = i + 1;
      while (j < end && cells[j] == cells[i]) ++j;
      see(time_range{time_of(i, which), time_of(j, which)}, cells[i], *block);
      i = j;
    }
  }
}

range_set ranges_with(const std::map<month, label_history::block>& blocks, time_range within, std::uint16_t value) {
  range_set out;
  each_run(blocks, within, [&](time_range range, std::uint16_t cell, const month_labels&) {
    if (cell == value) out.add({std::max(range.begin, within.begin), std::min(range.end, within.end)});
  });
  return out;
}

void add_run(std::vector<gap>& to, time_range range, const gap_mark& mark) {
  if (!to.empty()) {
    auto& last = to.back();
    if (last.range.end == range.begin && gap_mark{last.reason, last.found_at, last.given_up_at} == mark) {
      last.range.end = range.end;
      return;
    }
  }
  to.push_back({range, mark.reason, mark.found_at, mark.given_up_at});
}

template <typename Wanted>
std::vector<gap> gaps_in(const std::map<month, label_history::block>& blocks, time_range within, const Wanted& wanted) {
  std::vector<gap> out;
  each_run(blocks, within, [&](time_range range, std::uint16_t cell, const month_labels& block) {
    if (cell < month_cells::first_mark) return;
    const auto& mark = block.marks[cell - month_cells::first_mark];
    const time_range part{std::max(range.begin, within.begin), std::min(range.end, within.end)};
    if (wanted(mark) && !part.empty()) add_run(out, part, mark);
  });
  return out;
}

std::uint16_t cell_at(const std::map<month, label_history::block>& blocks, network_time label) {
  if (label < of_labels.begin || label >= of_labels.end) return month_cells::unknown;
  const auto which = month_of(label);
  const auto found = blocks.find(which);
  return found == blocks.end() ? month_cells::unknown : spread(*found->second, which).cells[cell_of(label, which)];
}

template <typename Change>
void edit(label_history& history, const Change& change) {
  history_edit all(history);
  change(all);
  all.finish();
}

}  // namespace

bool is_plausible(network_time t) {
  return t >= std::chrono::local_days(std::chrono::year(1) / 1 / 1) && t <= of_labels.end;
}

void label_history::cover(time_range range) {
  edit(*this, [&](history_edit& all) { all.cover(range); });
}

void label_history::add_gap(const gap& hole) {
  edit(*this, [&](history_edit& all) { all.add_gap(hole); });
}

void label_history::close(time_range range) {
  edit(*this, [&](history_edit& all) { all.close(range); });
}

void label_history::forget(time_range range) {
  edit(*this, [&](history_edit& all) { all.forget(range); });
}

bool label_history::covers(network_time label) const { return cell_at(blocks_, label) == month_cells::covered; }
bool label_history::knows(network_time label) const { return cell_at(blocks_, label) != month_cells::unknown; }

range_set label_history::covered(time_range within) const { return ranges_with(blocks_, within, month_cells::covered); }
range_set label_history::silent(time_range within) const { return ranges_with(blocks_, within, month_cells::silent); }

std::vector<gap> label_history::gaps(time_range within) const {
  return gaps_in(blocks_, within, [](const gap_mark&) { return true; });
}

std::vector<gap> label_history::open_gaps() const {
  std::map<month, block> with_some;
  for (const auto& [which, one] : blocks_) {
    if (one->open_gaps > 0) with_some.emplace_hint(with_some.end(), which, one);
  }
  return gaps_in(with_some, all_time, [](const gap_mark& mark) { return mark.is_open(); });
}

gap_counts label_history::count_gaps() const {
  gap_counts out;
  const month_labels* before = nullptr;
  month before_month{};
  for (const auto& [which, one] : blocks_) {
    out.open += one->open_gaps;
    out.given_up += one->given_up_gaps;
    out.passed += one->passed_gaps;
    const bool goes_on = before != nullptr && before_month + months(1) == which && before->last_gap && one->first_gap &&
                         before->marks[*before->last_gap] == one->marks[*one->first_gap];
    if (goes_on) {
      const auto& mark = one->marks[*one->first_gap];
      --(mark.is_open() ? out.open : mark.given_up_at ? out.given_up : out.passed);
    }
    before = one.get();
    before_month = which;
  }
  return out;
}

std::optional<network_time> label_history::covered_until() const {
  for (auto at = blocks_.rbegin(); at != blocks_.rend(); ++at) {
    if (at->second->covered_end > 0) return time_of(at->second->covered_end, at->first);
  }
  return std::nullopt;
}

void label_history::put(month which, month_labels labels) {
  if (labels.text.empty()) {
    blocks_.erase(which);
    return;
  }
  blocks_[which] = std::make_shared<const month_labels>(std::move(labels));
}

bool label_history::operator==(const label_history& other) const {
  return std::equal(blocks_.begin(), blocks_.end(), other.blocks_.begin(), other.blocks_.end(),
                    [](const auto& a, const auto& b) {
                      return a.first == b.first && (a.second == b.second || *a.second == *b.second);
                    });
}

month_cells* history_edit::open(label_history::month which, bool make) {
  const auto known = open_.find(which);
  if (known != open_.end()) return &known->second;
  const auto stored = to_.blocks_.find(which);
  if (stored == to_.blocks_.end() && !make) return nullptr;
  auto cells = stored == to_.blocks_.end() ? spread({}, which) : spread(*stored->second, which);
  return &open_.emplace(which, std::move(cells)).first->second;
}

template <typename Change>
void history_edit::each(time_range range, bool make, const Change& change) {
  if (range.empty()) return;
  auto which = month_of(range.begin);
  if (!make) {  // nothing to change where nothing is known: a range may be as long as all time
    const auto first = std::find_if(to_.blocks_.begin(), to_.blocks_.end(),
                                    [&](const auto& one) { return begin_of(one.first + months(1)) > range.begin; });
    const auto opened = std::find_if(open_.begin(), open_.end(),
                                     [&](const auto& one) { return begin_of(one.first + months(1)) > range.begin; });
    if (first == to_.blocks_.end() && opened == open_.end()) return;
    if (opened == open_.end()) which = std::max(which, first->first);
  }
  for (; begin_of(which) < range.end; which += months(1)) {
    auto* cells = open(which, make);
    if (cells == nullptr) continue;
    const auto first = range.begin <= begin_of(which) ? 0 : cell_of(range.begin, which);
    const auto end = std::min(cells->cells.size(), cell_of(std::min(range.end, begin_of(which + months(1))), which));
    change(*cells, first, end);
  }
}

void history_edit::cover(time_range range) {
  each(on_cells(range, rounding::inward), true, [](month_cells& in, std::size_t first, std::size_t end) {
    for (auto i = first; i < end; ++i) in.cells[i] = month_cells::covered;
  });
}

void history_edit::add_gap(const gap& hole) {
  each(on_cells(hole.range, rounding::outward), true, [&](month_cells& in, std::size_t first, std::size_t end) {
    const auto value = in.mark({hole.reason, hole.found_at, hole.given_up_at});
    for (auto i = first; i < end; ++i) {
      if (in.cells[i] == month_cells::unknown) in.cells[i] = value;
    }
  });
}

void history_edit::close(time_range range) {
  each(on_cells(range, rounding::outward), false, [](month_cells& in, std::size_t first, std::size_t end) {
    for (auto i = first; i < end; ++i) {
      if (in.cells[i] != month_cells::covered) in.cells[i] = month_cells::unknown;
    }
  });
}

void history_edit::forget(time_range range) {
  each(on_cells(range, rounding::outward), false, [](month_cells& in, std::size_t first, std::size_t end) {
    for (auto i = first; i < end; ++i) in.cells[i] = month_cells::unknown;
  });
}

void history_edit::finish() {
  for (auto& [which, cells] : open_) {
    auto packed = pack(std::move(cells));
    const auto known = to_.blocks_.find(which);
    if (known != to_.blocks_.end() && *known->second == packed) continue;
    to_.put(which, std::move(packed));
  }
  open_.clear();
}

}  // namespace oes
