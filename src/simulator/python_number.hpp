#pragma once
// Numbers as Python's json module prints them: the API's digits (api.md §3).
#include <string>

namespace oes::sim {

/// Appends `value` like Python's repr of a float: shortest digits that read back equal, `.0` for whole numbers,
/// an exponent below 1e-4 and from 1e16 on. `value` is finite.
void append_python_number(std::string& out, double value);

/// Rounds to `decimals` places, halves to even, as the API's database does.
double round_to(double value, int decimals);

}  // namespace oes::sim
