#pragma once
// Where streams begin that go on from old tables, and which rows of these tables are deleted for it. Pure.
#include "migrate/migration_plan.hpp"
#include "migrate/old_job.hpp"

namespace oes {

/// As the configuration and what is told write it: with the network's offset.
std::string time_text(network_time t, network n);

/// From a job's progress: a day before it, and how far back holes are filled.
cut_over cut_over_after(network_time progress, const old_job& asked, utc_time now);

/// The same with a start of the operator's, as far back as the table has holes. Error: bad_config where it lies after
/// the usual one, which would leave a hole, or before what the plan reaches, which would delete what cannot be had
/// again.
result<cut_over> cut_over_since(const std::string& typed, const cut_over& usual, const old_job& asked, utc_time now);

/// Gives the streams of each network that have a cut-over one place to begin, and the plan its cuts: nobody knows which
/// jobs wrote into one table, and the 22 columns do not tell whose a row is. So all of a network is cut at one time, or
/// it is said why not.
void join_cut_overs(migration& plan, utc_time now);

/// What a stream's cut-over means, as remarks of its own. `batch_hours`: of the old job.
void remark_on_cut_over(migrated_stream& one, const cut_over& alone, double batch_hours, utc_time now);

}  // namespace oes
