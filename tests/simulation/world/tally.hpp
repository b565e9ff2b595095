#pragma once
// What worlds had in them: numbers that add up, and things of which it counts that they were there at all.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace oes::simulation {

struct tally {
  std::map<std::string, std::uint64_t> numbers;
  std::set<std::string> seen;

  void count(const std::string& what, std::uint64_t more = 1) { numbers[what] += more; }
  [[nodiscard]] std::uint64_t of(const std::string& what) const;
  void add(const tally& other);
  /// A line each: `number N NAME`, `seen NAME`.
  [[nodiscard]] std::string text() const;
  /// false: the line is none of these.
  bool read(std::string_view line);
};

/// Whether a world counts among those that show something: enough was committed, processes died amid it, and somebody
/// took over or Kafka lost something.
bool counts(const tally& world);

}  // namespace oes::simulation
