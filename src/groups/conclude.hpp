#pragma once
// What a group learns from what its window met, and whether there is more to ask for at once. Pure.
#include <map>

#include "groups/group_state.hpp"
#include "model/error.hpp"

namespace oes {

enum class what_was_taken { nothing, something };

/// The window was answered, and what followed is committed: notes what of it was a re-read, that all trouble is over,
/// and where the search for newer data of members begins or goes on of which it brought nothing. `not_whole`: members
/// of which the answer does not say all that was published. They still owe their re-read, and it is tried again later.
/// True: another request would tell more. Error: the plan lacks its proof, and nothing of it was taken: why trouble is
/// not over.
result<bool> conclude(const request_group& group, group_state& state, const group_plan& plan,
                      const std::map<std::size_t, unanswered>& not_whole, what_was_taken taken);

/// There is nothing in the window (404): likewise, and true where it was a re-read.
result<bool> conclude_empty(const request_group& group, group_state& state, const group_plan& plan);

/// A window came back unusable. One interval that has failed three times is to be given up as a gap. A deep re-read is
/// halved at once: it is postponed each time, or what was too large would be so again.
after_trouble learn_from_trouble(group_state& state, const group_plan& plan, interval_size interval, const error& why);

}  // namespace oes
