#pragma once
// The metric columns of an Avro record, `extra_values` and the `value` after them.
#include <cstddef>
#include <optional>
#include <string_view>

namespace oes::avro_columns {

/// Of the schema: how many, and the name of the first; they stand together.
std::size_t count();
std::string_view first();
/// Which of them a metric is; none: it goes to `extra_values`. `hint`: where it may well be.
std::optional<std::size_t> place_of(std::string_view metric, std::size_t hint);

/// The columns of a wide record (`"power":1.5,"energy":0.4`; empty: none has a number), extra values, and a `value`
/// that is null. There must be room for most_of(their size).
char* put(char* at, std::string_view columns);
std::size_t most_of(std::size_t size);

}  // namespace oes::avro_columns
