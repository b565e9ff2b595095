#include "groups/group_state.hpp"

namespace oes {

void reload_committed(const request_group& group, group_state& state,
                      const std::map<member_key, member_progress>& committed) {
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    const auto found = committed.find(group.members[i].key);
    if (found != committed.end()) state.members[i] = found->second;
  }
}

void see_who_is_apart(const request_group& group, group_state& state, const apart_topics& topics) {
  state.apart.clear();
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    if (topics.find(group.members[i].options.topic) != nullptr) state.apart.insert(i);
  }
}

}  // namespace oes
