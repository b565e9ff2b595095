#pragma once
// Named places between two steps (guarantee.md §2–§4) at which the chaos build ends the process, and bugs that only it
// has. In every other build both are nothing: no code, no string, no environment variable.
#include <string_view>

namespace oes {

#ifdef OES_CHAOS
// tests/chaos/armed_fault_points.cpp
void fault_point(std::string_view name);
bool seeded_bug(std::string_view name);
/// Throws where the text holds the word that the harness calls poisonous.
void taste(std::string_view text);
#else
constexpr void fault_point(std::string_view /*name*/) {}
constexpr bool seeded_bug(std::string_view /*name*/) { return false; }
constexpr void taste(std::string_view /*text*/) {}
#endif

}  // namespace oes
