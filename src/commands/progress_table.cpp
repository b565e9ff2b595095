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
constexpr std::size_t gaps_shown = 20;
using row = std::array<std::string, columns>;

row cells_of(const member_key& key, const member_progress& member) {
  const auto offset = utc_offset(member.net);
  return {key.first,
          key.second,
          format(member.start, offset),
          format(member.position, offset),
          std::to_string(count_covered(member)),
          std::to_string(member.labels.count_gaps().all())};
}

void put(std::ostringstream& out, const row& cells, const std::array<std::size_t, columns>& widths) {
  for (std::size_t i = 0; i < columns; ++i) {
    out << cells[i];
    if (i + 1 < columns) out << std::string(widths[i] + 2 - cells[i].size(), ' ');
  }
  out << '\n';
}

// The newest ones: what an operator may want to do something about.
void put_gaps(std::ostringstream& out, const member_key& key, const member_progress& member) {
  const auto gaps = member.labels.gaps();
  const auto left_out = gaps.size() - std::min(gaps.size(), gaps_shown);
  if (left_out > 0) {
    out << "gap in " << member_name(key) << ": " << left_out << " older ones, see `progress show --json`\n";
  }
  for (auto i = left_out; i < gaps.size(); ++i) {
    out << "gap in " << member_name(key) << ": " << ranges_text({gaps[i].range}, member.net) << " (" << gaps[i].reason
        << (gaps[i].given_up_at ? ", given up)\n" : ")\n");
  }
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
    put_gaps(out, key, member);
  }
  return out.str();
}

}  // namespace oes
