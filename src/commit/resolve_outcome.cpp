#include "commit/resolve_outcome.hpp"

namespace oes {

resolved_outcome resolve_outcome(const progress_state& found, const std::string& instance, const std::string& owner,
                                 std::int64_t sequence) {
  if (found.claim_owner == instance && found.sequence >= sequence) return resolved_outcome::committed;
  if (found.claim_owner == owner && found.sequence < sequence) return resolved_outcome::not_committed;
  return resolved_outcome::another_leads;
}

}  // namespace oes
