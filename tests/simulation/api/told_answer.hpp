#pragma once
// An answer of the API as rows, before it becomes text.
#include <string>
#include <utility>
#include <vector>

#include "model/time.hpp"
#include "simulation/api/served_grid.hpp"

namespace oes::simulation {

struct told_series {
  std::string region;
  std::vector<std::pair<network_time, std::string>> rows;  ///< label and number, ascending but for lies
};

struct told_block {
  std::string metric;
  std::vector<told_series> series;
};

struct told_answer {
  served_grid grid;
  std::vector<told_block> blocks;
};

/// The body of a 200 answer.
std::string text_of(const told_answer& told);

}  // namespace oes::simulation
