#pragma once
// Columns of a wide record, as a set in few enough bits to travel with the hash of its values.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oes {

using column_set = std::uint32_t;
inline constexpr unsigned column_bits = 24;
inline constexpr column_set all_columns = (1U << column_bits) - 1;

/// The set of this metric alone. Each known metric of an endpoint has a bit of its own (a record's columns come from
/// one endpoint); those that are not known share the last ones.
column_set column_of(std::string_view metric);
/// Of all of these.
column_set columns_named(const std::vector<std::string>& metrics);

}  // namespace oes
