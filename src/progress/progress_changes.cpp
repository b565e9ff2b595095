#include "progress/progress_changes.hpp"

#include "progress/member_records.hpp"

namespace oes {
std::vector<progress_message> encode_changes(const progress_state& before, const progress_state& after) {
  std::vector<progress_message> out;
  for (const auto& key : before.first_form) out.push_back(forget_first_form(key));
  const auto held = [&](const member_key& key) -> const member_progress* {
    const auto found = before.members.find(key);
    return found == before.members.end() || before.first_form.contains(key) ? nullptr : &found->second;
  };
  for (const auto& [key, member] : before.members) {
    if (held(key) != nullptr && !after.members.contains(key)) append(out, forget_member(key, member));
  }
  for (const auto& [key, member] : after.members) {
    const auto* old = held(key);
    if (old != nullptr && *old == member) continue;
    append(out, encode_member_change(key, old, member, after.sequence));
  }
  return out;
}

}  // namespace oes
