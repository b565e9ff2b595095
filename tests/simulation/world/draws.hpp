#pragma once
// What a seed yields, one draw after the other.
#include <array>
#include <cstdint>
#include <random>

namespace oes::simulation {

class draws {
 public:
  explicit draws(std::uint64_t seed) : random_(seed) {}
  /// Uniform, in [least, most].
  int of(int least, int most) {
    return least + static_cast<int>(random_() % static_cast<std::uint64_t>(most - least + 1));
  }
  bool one_in(int many) { return of(1, many) == 1; }
  template <typename T, std::size_t N>
  T any(const std::array<T, N>& choices) {
    return choices[static_cast<std::size_t>(of(0, static_cast<int>(N) - 1))];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace oes::simulation
