#pragma once
// What was answered to whom: what a daemon could have seen.
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/request.hpp"
#include "simulation/api/told_answer.hpp"
#include "simulation/machine/machine.hpp"

namespace oes::simulation {

/// Metric, region, label.
using served_point = std::tuple<std::string, std::string, network_time>;

struct served_answer {
  virtual_time at{};
  utc_time api_at;
  const process* to = nullptr;
  time_window asked;
  std::vector<std::string> metrics;
  std::map<served_point, std::string> shown;  ///< true values
  std::set<served_point> left_out;            ///< the API has it, and did not say so
};

/// For the world's story: to whom, what was asked, how much was shown.
std::string text_of(const served_answer& answer);
/// Each point of an answer, with its number.
std::map<served_point, std::string> points_in(const told_answer& told);

}  // namespace oes::simulation
