#include "groups/group_state.hpp"

#include "groups/work_watch.hpp"

namespace oes {

void reload_committed(const request_group& group, group_state& state,
                      const std::map<member_key, member_progress>& committed) {
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    const auto found = committed.find(group.members[i].key);
    if (found != committed.end()) state.members[i] = found->second;
  }
}

const apart_topic* why_apart(const request_group& group, const tracked_metric& member, const apart_topics& topics) {
  const auto* const refused = topics.find(member.options.topic);
  return refused != nullptr ? refused : topics.find(progress_of(work_of(group, time_range{}).of));
}

void see_who_is_apart(const request_group& group, group_state& state, const apart_topics& topics) {
  state.apart.clear();
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    if (why_apart(group, group.members[i], topics) != nullptr) state.apart.insert(i);
  }
}

}  // namespace oes
