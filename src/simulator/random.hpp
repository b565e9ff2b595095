#pragma once
// Deterministic randomness without state: every draw is a pure function of the seed and of what it is drawn for.
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace oes::sim {

/// One round of the splitmix64 finaliser: a bijection that scatters neighbouring inputs.
constexpr std::uint64_t scatter(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

constexpr std::uint64_t draw(std::initializer_list<std::uint64_t> what) {
  std::uint64_t h = 0;
  for (const auto part : what) h = scatter(h ^ part);
  return h;
}

constexpr std::uint64_t draw_of(std::string_view text) {
  std::uint64_t h = text.size();
  for (const char c : text) h = scatter(h ^ static_cast<unsigned char>(c));
  return h;
}

/// A draw as a number in [0, 1).
constexpr double unit_interval(std::uint64_t h) { return static_cast<double>(h >> 11) * 0x1.0p-53; }

constexpr bool happens(std::uint64_t h, double probability) { return unit_interval(h) < probability; }

}  // namespace oes::sim
