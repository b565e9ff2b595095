#pragma once
// Rights of the deployment that an administrator takes, and gives back.
#include <set>
#include <string>

#include "simulation/kafka/cluster.hpp"
#include "simulation/world/draws.hpp"

namespace oes::simulation {

enum class right {
  write_data,
  describe_data,
  read_data,
  write_progress,
  describe_progress,
  read_progress,
  read_group,
  write_transaction,
};

right draw_right(draws& d);
std::string describe(right what);
/// As the cluster names what is refused then; of data: one topic of those that there are.
std::set<std::string> denials(const cluster& kafka, right what, std::size_t salt);

}  // namespace oes::simulation
