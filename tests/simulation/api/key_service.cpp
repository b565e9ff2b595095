#include "simulation/api/key_service.hpp"

namespace oes::simulation {
namespace {

constexpr std::chrono::seconds believed{300};
constexpr std::int64_t credits_of_a_day = 2000;  // ACADEMIC

}  // namespace

bool key_service::admits(utc_time now) {
  if (!left_) return true;
  if (now < believed_until_) return admitted_;
  believed_until_ = now + believed;
  const auto today = std::chrono::floor<std::chrono::days>(now);
  if (day_ && *day_ != today) left_ = credits_of_a_day;
  day_ = today;
  admitted_ = *left_ > 0;
  if (admitted_) --*left_;
  ever_admitted_ = ever_admitted_ || admitted_;
  return admitted_;
}

account key_service::tell() const {
  account told;
  told.plan = left_ ? "ACADEMIC" : "ENTERPRISE";
  if (tells_) told.credits_remaining = left_;
  return told;
}

}  // namespace oes::simulation
