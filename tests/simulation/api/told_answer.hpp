#pragma once
// An answer of the API as rows, before it becomes text.
#include <string>
#include <utility>
#include <vector>

#include "model/time.hpp"

namespace oes::simulation {

struct told_series {
  std::string region;
  std::vector<std::pair<network_time, std::string>> rows;  ///< label and number, ascending but for lies
};

struct told_block {
  std::string metric;
  std::vector<told_series> series;
};

using told_answer = std::vector<told_block>;

/// The body of a 200 answer.
std::string text_of(const told_answer& told);

}  // namespace oes::simulation
