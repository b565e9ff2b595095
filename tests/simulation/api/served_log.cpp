#include "simulation/api/served_log.hpp"

#include "model/network.hpp"

namespace oes::simulation {

std::map<served_point, std::string> points_in(const told_answer& told) {
  std::map<served_point, std::string> out;
  for (const auto& block : told.blocks) {
    for (const auto& one : block.series) {
      for (const auto& [label, number] : one.rows) out[{block.metric, one.region, label}] = number;
    }
  }
  return out;
}

std::string text_of(const served_answer& answer) {
  std::string out = answer.to->name + ":";
  for (const auto& metric : answer.metrics) out += " " + metric;
  out += " from " + format(answer.asked.start) + " to " + (answer.asked.end ? format(*answer.asked.end) : "now");
  return out + ", " + std::to_string(answer.shown.size()) + " points, " + std::to_string(answer.left_out.size()) +
         " left out";
}

}  // namespace oes::simulation
