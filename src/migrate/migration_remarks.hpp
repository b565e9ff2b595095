#pragma once
// What is to be said of a stream: each trap that its old job has. Pure.
#include "migrate/migration_plan.hpp"
#include "migrate/old_job.hpp"

namespace oes {

/// Where a metric is asked for: the market metrics have an endpoint of their own.
bool is_market(const std::string& metric);

/// Whether the 22 columns have the labels of such a grouping, so that a table of them can go on.
inline bool fits_old_columns(secondary_grouping grouping) {
  return grouping == secondary_grouping::none || grouping == secondary_grouping::fueltech_group;
}

struct told_job {
  const old_job& asked;
  bool has_progress = false;
  bool has_other_metrics = false;  ///< that are a stream of their own
};

/// Adds them to the stream's.
void remark_on_job(const told_job& job, utc_time now, migrated_stream& one);

}  // namespace oes
