#pragma once
// How often a group polls its live edge, and what that means for the age of its newest label.
#include <chrono>
#include <optional>

namespace oes {

struct rhythm {
  std::chrono::seconds every{};
  /// So old the newest label is while all is well. nullopt: nothing is to be expected of labels that name seasons and
  /// financial years.
  std::optional<std::chrono::seconds> expected_lag;
  /// Older than this it is late, also by what the API itself is late now and then.
  std::optional<std::chrono::seconds> late_after;
  /// What has been asked for longer than this, and never had a row, is not only late.
  std::chrono::seconds rowless_after = std::chrono::hours(12);
};

}  // namespace oes
