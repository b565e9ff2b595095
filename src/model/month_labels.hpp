#pragma once
// What became of the labels of one calendar month, in at most a few kilobytes whatever happened in it. Pure.
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

/// The same at rest, in one form only: equal months have equal text.
struct month_labels {
  /// Marks a month keeps; above that the nearest in time are joined, and keep the earlier times.
  static constexpr std::size_t most_marks = 13;

  std::string text;  ///< label_text.hpp; empty: nothing is known of the month
  std::vector<gap_mark> marks;
  // Told by the text, kept so that a look costs nothing:
  std::int64_t open_gaps = 0;
  std::int64_t given_up_gaps = 0;
  std::int64_t passed_gaps = 0;  ///< by an operator
  std::int64_t covered_cells = 0;
  std::size_t covered_end = 0;             ///< after the last covered cell; 0: none
  std::optional<std::size_t> first_gap{};  ///< mark of the month's first cell, where that is a gap
  std::optional<std::size_t> last_gap{};   ///< of its last cell
  bool operator==(const month_labels& other) const { return text == other.text && marks == other.marks; }
};

std::size_t cells_in(std::chrono::year_month month);
/// First instant of the month, network-local.
network_time begin_of(std::chrono::year_month month);

month_cells spread(const month_labels& labels, std::chrono::year_month month);
/// Settles what is silent, bounds the marks, and packs. `cells` has the month's size.
month_labels pack(month_cells cells);
/// As it was written; nullopt: not a text of this month, or a mark is missing.
std::optional<month_labels> read_month(std::string_view text, std::vector<gap_mark> marks,
                                       std::chrono::year_month month);

}  // namespace oes
