#pragma once
// A daemon that was off for long asks for what the plan's history does not hold any more, and would be refused for
// ever.
#include "groups/group_state.hpp"
#include "pipeline/poll_context.hpp"
#include "pipeline/writer.hpp"

namespace oes {

/// A gap's reason: the API's plan does not reach back so far. Nobody but a backfill under another plan asks for it.
inline constexpr std::string_view out_of_history = "history";

/// The plan's window was refused. Where it begins before what the plan's history holds, the labels before that become a
/// gap of the members that stand there, and nothing before it is read again: told, committed, and true. False: the
/// refusal has another cause. Errors: as commit().
boost::asio::awaitable<result<bool>> skip_to_history(const request_group& group, group_state& state,
                                                     const poll_context& by, writer& write, const group_plan& plan,
                                                     const error& why);

/// By the plan that is assumed, as long as nobody has told it, the refused window begins too early: whether that is why
/// turns out once the plan is known.
bool may_be_out_of_history(const request_group& group, const poll_context& by, const group_plan& plan);

}  // namespace oes
