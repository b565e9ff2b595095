#include "model/month_cells.hpp"

#include <algorithm>

namespace oes {

std::uint16_t month_cells::mark(const gap_mark& wanted) {
  const auto found = std::find(marks.rbegin(), marks.rend(), wanted);
  if (found != marks.rend()) return static_cast<std::uint16_t>(first_mark + (marks.rend() - found) - 1);
  marks.push_back(wanted);
  return static_cast<std::uint16_t>(first_mark + marks.size() - 1);
}

network_time begin_of(std::chrono::year_month month) { return std::chrono::local_days(month / 1); }

std::size_t cells_in(std::chrono::year_month month) {
  const auto whole = begin_of(month + std::chrono::months(1)) - begin_of(month);
  return static_cast<std::size_t>(whole / month_cells::size);
}

}  // namespace oes
