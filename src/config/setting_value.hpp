#pragma once
// What a key of the configuration can hold.
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace oes {

using property_list = std::vector<std::pair<std::string, std::string>>;
/// monostate: not set. duration and time_of_day are milliseconds; size is int64; start and instant stay text.
using setting_value = std::variant<std::monostate, std::string, bool, std::int64_t, double, std::chrono::milliseconds,
                                   std::vector<std::string>, property_list>;

template <class T>
const T& as(const setting_value& value) {
  return std::get<T>(value);
}

}  // namespace oes
