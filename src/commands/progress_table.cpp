#include "commands/progress_table.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <sstream>
#include <vector>

#include "progress/member_text.hpp"

namespace oes {
namespace {

constexpr std::size_t columns = 6;
using row = std::array<std::string, columns>;

row cells_of(const member_key& key, const member_progress& member) {
  const auto offset = utc_offset(member.net);
  return {key.first,
          key.second,
          format(member.start, offset),
          format(member.position, offset),
          std::to_string(count_labels(member.covered.ranges(), interval_of(member))),
          std::to_string(member.gaps.size())};
}

void put(std::ostringstream& out, const row& cells, const std::array<std::size_t, columns>& widths) {
  for (std::size_t i = 0; i < columns; ++i) {
    out << cells[i];
    if (i + 1 < columns) out << std::string(widths[i] + 2 - cells[i].size(), ' ');
  }
  out << '\n';
}

}  // namespace

std::string progress_table(const progress_snapshot& snapshot) {
  const auto& [state, place] = snapshot;
  std::vector<row> rows{{"STREAM", "METRIC", "START", "POSITION", "COVERED", "GAPS"}};
  for (const auto& [key, member] : state.members) rows.push_back(cells_of(key, member));
  std::array<std::size_t, columns> widths{};
  for (const auto& cells : rows) {
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  std::ostringstream out;
  out << "topic " << place.topic << "  sequence " << state.sequence << "  offset " << place.offset << "  cluster "
      << place.cluster_id << "\nnewest claim " << state.claim_owner << ", generation " << state.generation << "\n\n";
  for (const auto& cells : rows) put(out, cells, widths);
  for (const auto& [key, member] : state.members) {
    for (const auto& hole : member.gaps) {
      out << "gap in " << member_name(key) << ": " << ranges_text({hole.range}, member.net) << " (" << hole.reason
          << (hole.given_up_at ? ", given up)\n" : ")\n");
    }
  }
  return out.str();
}

}  // namespace oes
