#include "progress/progress_check.hpp"

#include <string>

namespace oes {
namespace {

// Labels of calendar intervals may lie months ahead of the data that they name (api.md §4).
constexpr auto farthest_ahead = std::chrono::days(400);

error damaged(std::string_view kind, const member_key& key, const std::string& rest) {
  return {errc::damaged, "progress record '" + std::string(kind) + "|" + key.first + "|" + key.second + rest};
}

}  // namespace

result<void> check_progress(const progress_state& state, const ledger_book& ledger) {
  for (const auto& [key, member] : state.members) {
    if (member.identity.empty()) return damaged("month", key, "|…' has no record of its member beside it");
  }
  for (const auto& [key, image] : ledger) {
    const auto member = state.members.find(key);
    if (member == state.members.end() || image.rows.empty()) continue;
    const auto newest = image.rows.rbegin()->first;
    if (newest - member->second.position <= farthest_ahead) continue;
    return damaged(
        "ledger", key,
        "|" + format(newest) + "' lies far ahead of its stream, which stands at " + format(member->second.position));
  }
  return {};
}

}  // namespace oes
