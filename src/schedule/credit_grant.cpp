#include "schedule/credit_grant.hpp"

namespace oes {

credit_grant::~credit_grant() {
  if (kept_ > 0) from_.give_up_granted(purpose_, kept_);
}

asked_credit credit_grant::next(const moment& at) {
  if (kept_ > 0) {
    auto asked = from_.spend_granted(at);
    if (asked.leave_in) --kept_;
    return asked;
  }
  if (is_granted_) return from_.spend(spend_on::remainder, at);
  auto asked = from_.spend(purpose_, at, wanted_);
  is_granted_ = asked.leave_in.has_value();
  if (is_granted_) kept_ = wanted_ - 1;
  return asked;
}

}  // namespace oes
