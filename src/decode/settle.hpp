#pragma once
// What an answer says twice, or out of order, put right: equal values collapse, of differing ones the last is kept.
#include <cstddef>
#include <string_view>
#include <vector>

#include "model/answer.hpp"

namespace oes {

/// Strictly ascending afterwards. Returns how many labels came again with another value.
std::size_t settle_points(std::vector<point>& points, std::string_view body);
/// Sorted by labels afterwards, series with the same labels made one. Returns as above.
std::size_t settle_series(std::vector<series>& all, std::string_view body);

}  // namespace oes
