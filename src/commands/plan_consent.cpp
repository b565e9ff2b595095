#include "commands/plan_consent.hpp"

#include <iostream>

namespace oes {

exit_code plan_consent::to(const job_answer& plan) {
  if (agreed_ == plan.says) return exit_ok;
  if (agreed_) std::cout << "progress has moved on meanwhile; now it would be:\n";
  const auto said = ask_(plan);
  if (said == exit_ok) agreed_ = plan.says;
  return said;
}

}  // namespace oes
