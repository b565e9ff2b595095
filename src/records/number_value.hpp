#pragma once
// The double that a number's text means, and the shortest text that means a double.
#include <string>
#include <string_view>

namespace oes {

/// `number` is JSON's. The nearest double, as JSON readers have it: infinite where it is beyond the largest.
double double_of(std::string_view number);

/// A JSON number that double_of() takes for the same. Infinity, which JSON has not, is `1e999`.
std::string shortest_number(double value);

}  // namespace oes
