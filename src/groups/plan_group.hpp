#pragma once
// Which window a group asks for next, and for whom. Pure but for what falls due to be read again.
#include <optional>

#include "groups/group_state.hpp"

namespace oes {

/// There are members of the other turn.
bool others_wait(const request_group& group, const group_state& state, const plan_context& context, turn whose);

/// Members near the live edge travel together, and so do those far behind, from the slowest on. Where there is nothing
/// to ask for those whose turn it is, the others have it. Notes in `state` what is due to be read again, and forgets
/// searches that went on into the future.
std::optional<group_plan> plan_group(const request_group& group, group_state& state, const plan_context& context,
                                     turn whose, other_turn other = other_turn::is_due);

}  // namespace oes
