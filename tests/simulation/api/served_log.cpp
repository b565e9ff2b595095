#include "simulation/api/served_log.hpp"

namespace oes::simulation {

std::map<served_point, std::string> points_in(const told_answer& told) {
  std::map<served_point, std::string> out;
  for (const auto& block : told) {
    for (const auto& one : block.series) {
      for (const auto& [label, number] : one.rows) out[{block.metric, one.region, label}] = number;
    }
  }
  return out;
}

}  // namespace oes::simulation
