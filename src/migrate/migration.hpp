#pragma once
// From jobs of the replaced source to streams of ours, with every trap that is seen on the way. Pure.
#include <optional>
#include <string>
#include <vector>

#include "migrate/migration_plan.hpp"
#include "migrate/old_job.hpp"
#include "model/time.hpp"

namespace oes {

enum class old_batch_size { left_out, kept };

struct migrated_job {
  old_job asked;
  std::optional<network_time> progress;  ///< what its progress.json says, on the network's clock
};

struct migration_input {
  std::vector<migrated_job> jobs;
  utc_time now;
  old_batch_size batch_size = old_batch_size::left_out;
  std::string since = {};  ///< begin there, not a day before the progress; as typed, empty: not asked for
};

/// Error: bad_config where jobs do not fit into one daemon.
result<migration> plan_migration(const migration_input& input);

/// The YAML file; it holds no secret. `made_by`: for its first line.
std::string configuration_text(const migration& plan, const std::string& made_by);

/// What a configuration made of the plan will use.
struct migration_cost {
  std::vector<std::string> topics;
  double requests_a_day = 0;
};
/// What to do now, for a terminal. `file`: where the configuration is; empty: on standard output.
std::string migration_advice(const migration& plan, const migration_cost& cost, const std::string& file);

}  // namespace oes
