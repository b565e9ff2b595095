#include "app/own_files.hpp"

#include <algorithm>
#include <array>

namespace oes {

std::chrono::milliseconds time_left(steady_time until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_now());
  return std::max(left, std::chrono::milliseconds(0));
}

bool own_files::finish(steady_time until) {
  const std::array all{&credits, &key, &samples, &schemas, &permit};
  return std::all_of(all.begin(), all.end(), [until](disk_worker* one) { return one->finish(time_left(until)); });
}

}  // namespace oes
