#pragma once
// A job on progress → the progress_edit that it means, over what is held or over what was found. Pure.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/both_sides.hpp"
#include "commit/progress_commit.hpp"
#include "config/configuration.hpp"
#include "groups/request_group.hpp"
#include "operate/job.hpp"
#include "operate/progress_edit.hpp"
#include "progress/operator_reason.hpp"
#include "progress/reconcile.hpp"

namespace oes {

/// What an edit adds of configured streams leaves out those that wait for a rename (renamed_members).
void leave_out_renamed(progress_edit& plan, const std::vector<request_group>& groups);

/// Every configured member as it would begin now. `history`: of the plan, where that is certain.
member_map configured_members(const std::vector<request_group>& groups, utc_time now,
                              std::optional<std::chrono::days> history);

/// While leading: over what the committer holds. refused, damaged: nothing was changed, and why.
result<progress_edit> plan_edit(const job& asked, const whole_progress& held, const member_map& configured,
                                utc_time now);

/// Without a daemon: over both sides as found. trust, adopt and import decide between them; every other job needs them
/// to agree, and is refused with what the daemon would say.
result<progress_edit> plan_alone(const job& asked, const both_sides& found, const member_map& configured, utc_time now);

operator_reason reason_of(const job& asked, utc_time now);
/// The plan with who wanted it and why, as it is committed: by who leads, or with the claim of who leads for it alone.
progress_commit commit_of(const job& asked, progress_edit plan, utc_time now);
/// What a job comes to before it is done: lines for the operator, or a refusal with its exit code.
job_answer describe_plan(const result<progress_edit>& plan);
/// What it came to.
job_answer done_at(std::int64_t sequence);

}  // namespace oes
