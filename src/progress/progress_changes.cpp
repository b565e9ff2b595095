#include "progress/progress_changes.hpp"

#include "progress/progress_codec.hpp"

namespace oes {

std::vector<progress_message> encode_changes(const progress_state& before, const progress_state& after) {
  std::vector<progress_message> out;
  for (const auto& [key, member] : before.members) {
    if (!after.members.contains(key)) out.push_back(forget_member(key));
  }
  const bool forgot = !out.empty();
  bool carried = false;
  for (const auto& [key, member] : after.members) {
    const auto old = before.members.find(key);
    if (old != before.members.end() && old->second == member) continue;
    out.push_back(encode_member(key, member, after.sequence, after.last_version));
    carried = true;
  }
  const bool must_carry = forgot || after.last_version != before.last_version;
  if (!carried && must_carry && !after.members.empty()) {
    const auto& [key, member] = *after.members.begin();
    out.push_back(encode_member(key, member, after.sequence, after.last_version));
  }
  return out;
}

}  // namespace oes
