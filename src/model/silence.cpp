#include "model/silence.hpp"

#include <algorithm>

#include "model/label_text.hpp"

namespace oes {
namespace {

constexpr std::size_t fewest_holes = 6;
constexpr std::size_t shortest_span = std::chrono::hours(24) / month_cells::size;

enum class stretch_kind { other, covered, hole };

struct stretch {
  stretch_kind kind = stretch_kind::other;
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] std::size_t size() const { return end - begin; }
};

std::vector<stretch> stretches_of(const month_cells& month) {
  std::vector<bool> no_data;
  for (const auto& mark : month.marks) no_data.push_back(mark.reason == "no_data");
  std::vector<stretch> out;
  for (std::size_t i = 0; i < month.cells.size();) {
    const auto cell = month.cells[i];
    const auto end = run_end(month.cells, i, month.cells.size());
    auto kind = stretch_kind::other;
    if (cell == month_cells::covered) kind = stretch_kind::covered;
    if (cell == month_cells::silent) kind = stretch_kind::hole;
    if (cell >= month_cells::first_mark && no_data[cell - month_cells::first_mark]) kind = stretch_kind::hole;
    if (out.empty() || out.back().kind != kind) out.push_back({kind, i, i});
    out.back().end = end;
    i = end;
  }
  return out;
}

void silence(month_cells& month, const stretch& hole) {
  std::fill(month.cells.begin() + static_cast<std::ptrdiff_t>(hole.begin),
            month.cells.begin() + static_cast<std::ptrdiff_t>(hole.end), month_cells::silent);
}

// Index of the last hole of the chain that begins with the hole at `first`.
std::size_t chain_end(const std::vector<stretch>& all, std::size_t first) {
  auto last = first;
  const auto hole = all[first].size();
  while (last + 2 < all.size() && all[last + 1].kind == stretch_kind::covered &&
         all[last + 2].kind == stretch_kind::hole && all[last + 2].size() == hole &&
         all[last + 1].size() == all[first + 1].size()) {
    last += 2;
  }
  return last;
}

// A hole at either end of a chain that something cuts short, with the chain's rhythm between.
void silence_cut(month_cells& month, const std::vector<stretch>& all, std::size_t first, std::size_t last) {
  const auto hole = all[first].size();
  const auto data = all[first + 1].size();
  if (first == 2 && all[1].kind == stretch_kind::covered && all[1].size() == data &&
      all[0].kind == stretch_kind::hole && all[0].size() < hole) {
    silence(month, all[0]);
  }
  if (last + 2 >= all.size()) return;
  const auto& cut = all[last + 2];
  const bool at_an_end = last + 3 == all.size() || all[last + 3].kind == stretch_kind::other;
  if (all[last + 1].kind == stretch_kind::covered && all[last + 1].size() == data && cut.kind == stretch_kind::hole &&
      cut.size() < hole && at_an_end) {
    silence(month, cut);
  }
}

}  // namespace

void find_rhythms(month_cells& month) {
  const auto all = stretches_of(month);
  for (std::size_t first = 0; first + 2 < all.size();) {
    if (all[first].kind != stretch_kind::hole) {
      ++first;
      continue;
    }
    const auto last = chain_end(all, first);
    const auto holes = (last - first) / 2 + 1;
    if (holes < fewest_holes || all[last].end - all[first].begin < shortest_span) {
      ++first;
      continue;
    }
    for (auto i = first; i <= last; i += 2) silence(month, all[i]);
    silence_cut(month, all, first, last);
    first = last + 1;
  }
}

}  // namespace oes
