#pragma once
// What a backfill's answer lets each member do.
#include <vector>

#include "backfill/backfill_plan.hpp"
#include "backfill/young_labels.hpp"
#include "model/member_patch.hpp"
#include "pipeline/plan_steps.hpp"

namespace oes {

/// Labels with a number that are whole are published, all others that were wanted turn out to be gaps. `known`: what
/// was published of each of `work.members` before, parallel to it; empty ledgers where nothing was, or where all is
/// published again. The answer has one block at least. In slices; all references outlive the wait.
boost::asio::awaitable<std::vector<member_step>> backfill_steps(const request_group& group, const group_backfill& work,
                                                                time_range window, backfill_mode mode,
                                                                const time_series_answer& answer,
                                                                const std::vector<ledger>& known, young_edge edge,
                                                                boost::asio::any_io_executor loop);

/// The window has no data at all (404): what the members become without a record.
std::vector<std::pair<member_key, member_patch>> nothing_there(const request_group& group, const group_backfill& work,
                                                               time_range window, backfill_mode mode,
                                                               const std::string& reason, utc_time now);

}  // namespace oes
