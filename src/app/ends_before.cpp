#include "app/ends_before.hpp"

#include <algorithm>
#include <utility>

#include "schedule/set_apart.hpp"

namespace oes {

ends_before::ends_before(std::string folder, logger& log)
    : folder_(std::move(folder)), log_(log), ends_(read_unexpected_ends(folder_)) {}

std::optional<set_apart> ends_before::of(std::string_view who, utc_time now) const {
  std::size_t count = 0;
  const unexpected_end* newest = nullptr;
  for (const auto& one : ends_) {
    if (one.who != who) continue;
    ++count;
    newest = &one;
  }
  if (newest == nullptr) return std::nullopt;
  const auto until = set_apart_until(count, newest->at, now);
  if (!until) return std::nullopt;
  return set_apart{*until, "it ended the process " + std::to_string(count) + " times in a row, the last time at " +
                               format_utc_seconds(newest->at) + " over " + newest->window + ": " + newest->cause};
}

void ends_before::went_well(std::string_view who) {
  const auto gone = std::remove_if(ends_.begin(), ends_.end(), [&](const unexpected_end& one) { return one.who == who; });
  if (gone == ends_.end()) return;
  ends_.erase(gone, ends_.end());
  const auto written = write_unexpected_ends(folder_, ends_);
  if (!written) log_.warn("unexpected_ends could not be written; going on", {{"reason", written.error().context}});
}

}  // namespace oes
