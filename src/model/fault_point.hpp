#pragma once
// Named places between two steps (delivery.md §3–§5) at which the chaos build ends the process, and bugs that only it
// has. In every other build both are nothing: no code, no string, no environment variable.
#include <string_view>

namespace oes {

#ifdef OES_CHAOS
// tests/chaos/armed_fault_points.cpp
void fault_point(std::string_view name);
bool seeded_bug(std::string_view name);
#else
constexpr void fault_point(std::string_view /*name*/) {}
constexpr bool seeded_bug(std::string_view /*name*/) { return false; }
#endif

}  // namespace oes
