#pragma once
// When an outage is told: at its beginning, every ten minutes, at its end; however often it is noticed. Pure.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace oes {

struct outage_news {
  enum class kind { began, goes_on, over } what = kind::began;
  std::string why;  ///< the newest reason
  std::int64_t failures = 1;
  std::chrono::seconds lasted{0};
};

class outage_watch {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  /// Noticed once more. nullopt: it was told already.
  std::optional<outage_news> failed(const std::string& why, time_point now);
  /// All is well. nullopt: it was before.
  std::optional<outage_news> over(time_point now);
  /// Since it began.
  [[nodiscard]] std::int64_t failures() const { return failures_; }

 private:
  [[nodiscard]] outage_news news(outage_news::kind what, time_point now) const;

  std::optional<time_point> since_;
  time_point told_;
  std::string why_;
  std::int64_t failures_ = 0;
};

}  // namespace oes
