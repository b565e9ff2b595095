#pragma once
// What a number is, whatever its spelling: the ledger compares these.
#include <cstdint>
#include <string_view>

namespace oes {

/// Of a value that is null.
inline constexpr std::uint64_t null_hash = 1;

/// 64 bits that are equal for equal numbers: the sign of zero, leading and trailing zeros and the way an exponent is
/// written do not count (`1.50` = `1.5` = `15e-1`, `-0.0` = `0`). Two different numbers agree with a chance of 2^-64.
/// Never 0 and never null_hash. `number` is JSON's, or empty for null.
std::uint64_t value_hash(std::string_view number);

}  // namespace oes
