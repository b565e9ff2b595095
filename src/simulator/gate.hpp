#pragma once
// Keys, rate limit and credits: who may ask, and how often.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/time.hpp"
#include "simulator/plans.hpp"

namespace oes::sim {

struct key_settings {
  std::string key;
  plan_code plan = plan_code::enterprise;
  std::optional<std::int64_t> credits;  ///< per day, instead of the plan's
};

/// Parses `KEY:PLAN` or `KEY:PLAN:CREDITS`.
std::optional<key_settings> parse_key_settings(std::string_view text);

/// Who asks. Anonymous callers have the COMMUNITY plan's limits and no budget.
struct caller {
  std::string key;  ///< empty: anonymous
  plan_code plan = plan_code::community;
};

/// Text of a 401.
struct refusal {
  std::string text;
};

struct key_status {
  std::int64_t used = 0;                  ///< credits of the current simulated UTC day
  std::optional<std::int64_t> remaining;  ///< nullopt: unlimited
  int rate_limit = 0;
  int rate_remaining = 0;
};

class gate {
 public:
  explicit gate(const std::vector<key_settings>& keys, bool limit_rate) : limit_rate_(limit_rate) {
    for (const auto& k : keys) accounts_[k.key].settings = k;
  }

  /// Checks the Authorization header and charges the request. `rate_now` is the clock that the burst limit runs on.
  std::variant<caller, refusal> admit(const std::optional<std::string>& authorization, bool key_required, utc_time now,
                                      utc_time rate_now);
  [[nodiscard]] key_status status(const std::string& key) const;
  /// JSON object: credits used per key (invented ones: shown in full) and refusals by cause.
  [[nodiscard]] std::string stats_json() const;

 private:
  struct account {
    key_settings settings;
    std::int64_t day = -1;
    std::int64_t used = 0;
    std::int64_t total = 0;
    std::int64_t second = -1;
    int in_second = 0;
  };

  refusal refuse(const char* cause, std::string text);

  std::map<std::string, account> accounts_;
  std::map<std::string, std::int64_t> refusals_;
  bool limit_rate_;
};

}  // namespace oes::sim
