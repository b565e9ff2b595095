#pragma once
// The lines of src/, for tests of what may stand where.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace oes::test {

/// `file:number: line` of each line that is wanted, of the files that are looked at (their paths begin with the room).
inline std::vector<std::string> source_lines(const std::function<bool(const std::filesystem::path&)>& looked_at,
                                             const std::function<bool(const std::string&)>& wanted) {
  const auto root = std::filesystem::path(OES_FIXTURES) / ".." / ".." / "src";
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const auto file = std::filesystem::relative(entry.path(), root);
    if (!looked_at(file)) continue;
    std::ifstream text(entry.path());
    int number = 0;
    for (std::string line; std::getline(text, line);) {
      ++number;
      if (wanted(line)) found.push_back(file.generic_string() + ":" + std::to_string(number) + ": " + line);
    }
  }
  return found;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

}  // namespace oes::test
