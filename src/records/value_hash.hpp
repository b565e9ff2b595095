#pragma once
// What a number is, whatever its spelling: the ledger compares these.
#include <cstdint>
#include <string_view>

#include "model/column_set.hpp"

namespace oes {

/// Of a value that is null.
inline constexpr std::uint64_t null_hash = 1;

/// What of a number's text reaches readers: all its digits, or only the double that it means.
enum class number_form { as_written, as_double };

/// 64 bits that are equal for equal numbers: the sign of zero, leading and trailing zeros and the way an exponent is
/// written do not count (`1.50` = `1.5` = `15e-1`, `-0.0` = `0`). Two different numbers agree with a chance of 2^-64.
/// Never 0 and never null_hash. `number` is JSON's, or empty for null, or the columns of a wide record
/// (`"power":1.5,"energy":0.4`): equal for the same columns with equal numbers, in any order; a column that is left out
/// differs from one that is 0. The hash of columns also tells which they are (columns_of), in its lowest bits: two
/// records agree with a chance of 2^-40.
/// As doubles, numbers that are the same double are equal too.
std::uint64_t value_hash(std::string_view number, number_form form = number_form::as_written);

/// The columns that hold a number, of the hash of a wide record's; `own`: those of its stream. None where the hash
/// names others: one that an older version made does not tell.
column_set columns_of(std::uint64_t hash, column_set own = all_columns);

/// Whether `number` is what `hash` was made of. Which columns there are counts for nothing beside their values: ledgers
/// of older versions do not tell.
bool same_value(std::string_view number, std::uint64_t hash, number_form form = number_form::as_written);

}  // namespace oes
