#pragma once
// What faults do to an answer's body.
#include <cstdint>
#include <string>

#include "simulator/faults.hpp"

namespace oes::sim {

std::string without_end(const std::string& body);
/// The first number among the points becomes NaN.
std::string with_nan(const std::string& body);
std::string wrong_shape();
/// An answer of `/me` that no client expects.
std::string odd_account(std::uint64_t salt);
std::string proxy_page();
/// About 1 MiB that inflates to 256 MiB of blanks.
std::string gzip_bomb();
std::string gzipped(const std::string& body);

}  // namespace oes::sim
