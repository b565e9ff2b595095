#pragma once
// A day of each stream in steps of five minutes, for the page's small lines: how far behind it was, and how much it
// published. Loop thread only.
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "telemetry/status_board.hpp"

namespace oes {

class page_history {
 public:
  static constexpr auto step = std::chrono::minutes(5);
  static constexpr std::size_t steps = 288;
  /// More streams have no lines: all that the page remembers takes at most 2 MiB.
  static constexpr std::size_t most_streams = 450;
  static constexpr std::int32_t unknown = -1;

  /// Of one stream, the newest last; `unknown` where nothing is known.
  struct line {
    std::array<std::int32_t, steps> lag{};      ///< seconds, the worst of the step
    std::array<std::int32_t, steps> records{};  ///< committed within the step
  };

  /// What the status says now; to be called every few seconds.
  void look(const daemon_status& status);
  /// nullopt: nothing is known of it.
  [[nodiscard]] std::optional<line> of(const std::string& stream) const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct kept {
    line ring;
    std::int64_t counted = 0;  ///< records so far
  };

  void move_to(std::int64_t slot);

  std::map<std::string, kept> streams_;
  std::optional<std::int64_t> slot_;  ///< of the newest step, since 1970
};

}  // namespace oes
