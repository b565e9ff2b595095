#include "records/number_value.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace oes {

double double_of(std::string_view number) {
  double out = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), out);
  // Too large or too small: strtod says which.
  if (read.ec == std::errc::result_out_of_range) return std::strtod(std::string(number).c_str(), nullptr);
  return out;
}

std::string shortest_number(double value) {
  if (std::isinf(value)) return value < 0 ? "-1e999" : "1e999";
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return {digits, end};
}

}  // namespace oes
