#pragma once
// What a coroutine is at work on: named in the last line of a process that something unexpected ends, and remembered
// for the next one. Values only.
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "model/range_set.hpp"

namespace oes {

/// At the live edge and in what is read again with it; or with what is older (a backfill, a pass over the gaps).
enum class work_place { live, background };

std::string_view name(work_place place);
std::optional<work_place> parse_work_place(std::string_view text);

struct work_key {
  std::string stream;  ///< of a request group: all its streams, since one answer serves them
  std::string dataset;
  work_place place = work_place::live;
  auto operator<=>(const work_key&) const = default;
};

struct work_in_hand {
  work_key of;
  time_range window{};  ///< empty: none yet
};

/// `2026-11-23T10:00:00 to 2026-11-23T10:30:00`; nothing for an empty one.
std::string window_text(const time_range& window);
/// nullopt: not such a text.
std::optional<time_range> parse_window(std::string_view text);

}  // namespace oes
