#pragma once
// What the API knows of a key: each check of it costs a credit of the day (UTC), and is believed for a while, whether
// it let the key pass or not. So some requests cost nothing, and both refusals and passes may come late.
#include <chrono>
#include <cstdint>
#include <optional>

#include "model/account.hpp"
#include "model/time.hpp"

namespace oes::simulation {

class key_service {
 public:
  /// `left`: of the day on which it is asked first; afterwards a day has all of them.
  /// `tells`: `/me` says what is left.
  key_service(std::optional<std::int64_t> left, bool tells) : left_(left), tells_(tells) {}

  [[nodiscard]] bool admits(utc_time now);
  [[nodiscard]] bool ever_admitted() const { return ever_admitted_; }
  /// Of `/me`; what is left is as the last check had it.
  [[nodiscard]] account tell() const;

 private:
  std::optional<std::int64_t> left_;  ///< nullopt: unlimited
  bool tells_;
  std::optional<std::chrono::sys_days> day_;
  utc_time believed_until_{};
  bool admitted_ = false;
  bool ever_admitted_ = false;
};

}  // namespace oes::simulation
