#pragma once
// What became of the labels of one calendar month, spread out, and why labels are gaps. Pure.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/time.hpp"

namespace oes {

/// A gap's reason: an operator has passed it with `progress seek`. Nobody but a backfill asks for it.
inline constexpr std::string_view passed_by_operator = "seek";

/// Why labels are a gap, and since when.
struct gap_mark {
  std::string reason;
  utc_time found_at;
  std::optional<utc_time> given_up_at;
  [[nodiscard]] bool is_open() const { return !given_up_at && reason != passed_by_operator; }
  bool operator==(const gap_mark&) const = default;
};

/// A month spread out, a cell for each five minutes (every interval of the API is whole ones): where changes are made.
struct month_cells {
  static constexpr std::chrono::minutes size{5};
  static constexpr std::uint16_t unknown = 0;
  static constexpr std::uint16_t covered = 1;
  static constexpr std::uint16_t silent = 2;      ///< nothing is there, as regularly as something is: not a gap
  static constexpr std::uint16_t first_mark = 3;  ///< a gap: 3 + index of its mark

  std::vector<std::uint16_t> cells;
  std::vector<gap_mark> marks;

  /// The mark's value in `cells`.
  std::uint16_t mark(const gap_mark& wanted);
};

std::size_t cells_in(std::chrono::year_month month);
/// First instant of the month, network-local.
network_time begin_of(std::chrono::year_month month);

}  // namespace oes
