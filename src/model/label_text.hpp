#pragma once
// A row of small numbers as short text: runs for people, packed bits where runs would be longer. Pure.
//
// Runs: a letter and how often it comes (once: nothing): `c288sc3`. Two runs that take turns: in brackets, and how
// often: `(cs5)48`. `.` nothing is known, `c` covered, `s` silent, `A` … `M` a gap with the first … thirteenth mark.
// Bits: `2:` or `4:` (bits a cell, low bits first) and base64.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oes {

/// Values 0 … 15. The shorter form of the two; zeros at the end are left out.
std::string write_cells(const std::vector<std::uint16_t>& cells);
/// `size` cells, filled up with zeros; nullopt: not such a text, or more cells.
std::optional<std::vector<std::uint16_t>> read_cells(std::string_view text, std::size_t size);

/// Where the run of equal cells ends that begins at `from`; at most `size`.
std::size_t run_end(const std::vector<std::uint16_t>& cells, std::size_t from, std::size_t size);

}  // namespace oes
