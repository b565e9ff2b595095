#pragma once
// Worlds as test cases, a hundred each, in the form that other test runners use (JUnit's XML).
#include <cstdint>
#include <string>
#include <vector>

namespace oes::simulation {

class junit_report {
 public:
  void played(std::uint64_t seed, bool violated);
  void write(const std::string& path) const;

 private:
  struct hundred {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::vector<std::uint64_t> violated;
  };
  std::vector<hundred> all_;
};

}  // namespace oes::simulation
