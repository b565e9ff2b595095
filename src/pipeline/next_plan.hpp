#pragma once
// The first step of a cycle: where the members stand, who takes part, and which window is asked for next.
#include <boost/asio/awaitable.hpp>
#include <optional>

#include "groups/group_state.hpp"
#include "pipeline/poll_context.hpp"
#include "pipeline/writer.hpp"
#include "reader/reader.hpp"
#include "schedule/turns.hpp"

namespace oes {

/// The group's own time, and what the plan allows, now.
plan_context context_of(const request_group& group, const poll_context& by);

/// nullopt: nothing can be there yet, or all members are set apart. Commits where members begin, if that has to be
/// corrected first. Errors: as of a commit; stopped; why there is no list of facilities yet.
boost::asio::awaitable<result<std::optional<group_plan>>> next_plan(const request_group& group, group_state& state,
                                                                    const poll_context& by, reader& read, writer& write,
                                                                    turn whose, other_turn other);

}  // namespace oes
