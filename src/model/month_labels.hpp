#pragma once
// What became of the labels of one calendar month, in at most a few kilobytes whatever happened in it. Pure.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/month_cells.hpp"

namespace oes {

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

month_cells spread(const month_labels& labels, std::chrono::year_month month);
/// Settles what is silent, bounds the marks, and packs. `cells` has the month's size.
month_labels pack(month_cells cells);
/// As it was written; nullopt: not a text of this month, or a mark is missing.
std::optional<month_labels> read_month(std::string_view text, std::vector<gap_mark> marks,
                                       std::chrono::year_month month);

}  // namespace oes
