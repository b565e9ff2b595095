#include "model/month_labels.hpp"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

#include "model/label_text.hpp"
#include "model/silence.hpp"

namespace oes {
namespace {

constexpr std::size_t longest_reason = 64;

// What a reader may have to print: short, and of one line.
std::string plain(std::string_view reason) {
  std::string out(reason.substr(0, longest_reason));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

auto order_of(const gap_mark& m) {
  return std::tuple(m.given_up_at.has_value(), std::string_view(m.reason), m.found_at, m.given_up_at);
}

struct numbered_mark {
  gap_mark mark;
  std::vector<std::uint16_t> values;  // in the cells, as they were
};

// Which two of the marks (in order) can be told apart least.
std::size_t nearest_pair(const std::vector<numbered_mark>& marks) {
  std::size_t best = 0;
  auto least = std::tuple(true, true, utc_time::duration::max());
  for (std::size_t i = 0; i + 1 < marks.size(); ++i) {
    const auto& a = marks[i].mark;
    const auto& b = marks[i + 1].mark;
    const bool fates_differ = a.given_up_at.has_value() != b.given_up_at.has_value();
    const bool reasons_differ = a.reason != b.reason;
    const auto apart = reasons_differ ? utc_time::duration::max() : b.found_at - a.found_at;
    const auto distance = std::tuple(fates_differ, reasons_differ, apart);
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

void join_next(std::vector<numbered_mark>& marks, std::size_t i) {
  auto& into = marks[i];
  const auto& from = marks[i + 1];
  if (into.mark.reason != from.mark.reason) into.mark.reason = "several";
  into.mark.found_at = std::min(into.mark.found_at, from.mark.found_at);
  if (from.mark.given_up_at) into.mark.given_up_at = std::min(*from.mark.given_up_at, *into.mark.given_up_at);
  into.values.insert(into.values.end(), from.values.begin(), from.values.end());
  marks.erase(marks.begin() + static_cast<std::ptrdiff_t>(i) + 1);
}

void put_in_order(std::vector<numbered_mark>& marks) {
  std::stable_sort(marks.begin(), marks.end(),
                   [](const auto& a, const auto& b) { return order_of(a.mark) < order_of(b.mark); });
  for (std::size_t i = 0; i + 1 < marks.size();) {
    if (marks[i].mark == marks[i + 1].mark) {
      join_next(marks, i);
    } else {
      ++i;
    }
  }
}

// Marks that are used, each once, in order, and not too many.
void settle_marks(month_cells& month) {
  if (month.marks.empty()) return;
  std::vector<bool> used(month.marks.size(), false);
  for (std::size_t i = 0; i < month.cells.size(); i = run_end(month.cells, i, month.cells.size())) {
    if (month.cells[i] >= month_cells::first_mark) used[month.cells[i] - month_cells::first_mark] = true;
  }
  std::vector<numbered_mark> marks;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    marks.push_back({month.marks[i], {static_cast<std::uint16_t>(i + month_cells::first_mark)}});
    marks.back().mark.reason = plain(marks.back().mark.reason);
  }
  put_in_order(marks);
  while (marks.size() > month_labels::most_marks) {
    join_next(marks, nearest_pair(marks));
    put_in_order(marks);
  }
  std::vector<std::uint16_t> becomes(month.marks.size() + month_cells::first_mark);
  for (std::uint16_t v = 0; v < month_cells::first_mark; ++v) becomes[v] = v;
  std::vector<gap_mark> kept;
  for (auto& one : marks) {
    for (const auto value : one.values) {
      becomes[value] = static_cast<std::uint16_t>(kept.size() + month_cells::first_mark);
    }
    kept.push_back(std::move(one.mark));
  }
  const bool renumbered = std::adjacent_find(becomes.begin(), becomes.end(), std::greater_equal<>()) != becomes.end();
  for (std::size_t i = 0; renumbered && i < month.cells.size(); ++i) month.cells[i] = becomes[month.cells[i]];
  month.marks = std::move(kept);
}

std::optional<std::size_t> gap_at(const month_cells& month, std::size_t cell) {
  if (month.cells[cell] < month_cells::first_mark) return std::nullopt;
  return month.cells[cell] - month_cells::first_mark;
}

void count(month_labels& out, const month_cells& month) {
  std::uint16_t before = month_cells::unknown;
  for (std::size_t i = 0; i < month.cells.size();) {
    const auto cell = month.cells[i];
    const auto end = run_end(month.cells, i, month.cells.size());
    if (cell == month_cells::covered) {
      out.covered_cells += static_cast<std::int64_t>(end - i);
      out.covered_end = end;
    } else if (cell >= month_cells::first_mark && cell != before) {
      const auto& mark = month.marks[cell - month_cells::first_mark];
      ++(mark.is_open() ? out.open_gaps : mark.given_up_at ? out.given_up_gaps : out.passed_gaps);
    }
    before = cell;
    i = end;
  }
  if (month.cells.empty()) return;
  out.first_gap = gap_at(month, 0);
  out.last_gap = gap_at(month, month.cells.size() - 1);
}

}  // namespace

month_cells spread(const month_labels& labels, std::chrono::year_month month) {
  const auto size = cells_in(month);
  auto cells = read_cells(labels.text, size);
  return {cells ? std::move(*cells) : std::vector<std::uint16_t>(size, 0), labels.marks};
}

month_labels pack(month_cells month) {
  find_rhythms(month);
  settle_marks(month);
  month_labels out;
  count(out, month);
  out.text = write_cells(month.cells);
  out.marks = std::move(month.marks);
  return out;
}

std::optional<month_labels> read_month(std::string_view text, std::vector<gap_mark> marks,
                                       std::chrono::year_month month) {
  auto cells = read_cells(text, cells_in(month));
  if (!cells) return std::nullopt;
  std::uint16_t highest = 0;
  for (std::size_t i = 0; i < cells->size(); i = run_end(*cells, i, cells->size()))
    highest = std::max(highest, (*cells)[i]);
  if (marks.size() > month_labels::most_marks || highest >= month_cells::first_mark + marks.size()) {
    return std::nullopt;
  }
  return pack({std::move(*cells), std::move(marks)});
}

}  // namespace oes
