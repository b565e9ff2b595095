#pragma once
// The second half of a cycle: what was selected → chunks in time order → commits.
#include <vector>

#include "groups/group_state.hpp"
#include "model/work_in_hand.hpp"
#include "pipeline/plan_steps.hpp"
#include "pipeline/writer.hpp"

namespace oes {

/// Commits chunk by chunk, building the next while one is under way; members and ledgers of `state` follow each commit.
/// A chunk is a prefix in time of the answer, and its patch reaches no farther than it does, nor beyond the window (in
/// labels) of `hand`: whoever is killed after it asks for all the rest again. Errors: as of committer::commit().
/// Whatever ends it, nothing of it is under way any more.
/// Throws std::logic_error where a patch would reach farther: nothing of that is ever sent.
boost::asio::awaitable<result<void>> commit_in_chunks(const request_group& group, group_state& state, writer& write,
                                                      const time_series_answer& answer, work_in_hand hand,
                                                      std::vector<member_step> steps);

}  // namespace oes
