#include "commit/judgement.hpp"

namespace oes {

judgement judge(const progress_state& found, const std::string& instance, const std::string& owner,
                std::int64_t sequence) {
  if (found.claim_owner == instance && found.sequence >= sequence) return judgement::committed;
  if (found.claim_owner == owner && found.sequence < sequence) return judgement::not_committed;
  return judgement::another_leads;
}

}  // namespace oes
