#pragma once
// What is drawn of an API by the name of a thing alone, whenever it is asked for.
#include <cstdint>
#include <string_view>

namespace oes::simulation {

/// SplitMix64.
inline std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

inline std::uint64_t mixed(std::uint64_t z, std::string_view text) {
  for (const char c : text) z = mixed(z ^ static_cast<unsigned char>(c));
  return z;
}

}  // namespace oes::simulation
