#pragma once
// Dates in a query, read as generously as the API reads them (pydantic's datetime).
#include <string_view>
#include <variant>

#include "model/time.hpp"

namespace oes::sim {

/// A date with an offset, `Z`, or a bare number (a UTC epoch): the API refuses it with a 400.
struct aware_datetime {};
/// Not a date; `reason` is the wording of the API's 422.
struct not_a_datetime {
  std::string_view reason;
};
using datetime_parameter = std::variant<network_time, aware_datetime, not_a_datetime>;

datetime_parameter parse_datetime_parameter(std::string_view text);

}  // namespace oes::sim
