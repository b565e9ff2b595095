#pragma once
// Where the files of the checkout are, and the lines of src/: for tests of what may stand where.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace oes::test {

inline const std::filesystem::path checkout = std::filesystem::path(OES_FIXTURES) / ".." / "..";
inline const std::filesystem::path source_root = checkout / "src";

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// `file:number: line` of each line that is wanted, of the files that are looked at (their paths begin with the room).
inline std::vector<std::string> source_lines(const std::function<bool(const std::filesystem::path&)>& looked_at,
                                             const std::function<bool(const std::string&)>& wanted) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_root)) {
    const auto file = std::filesystem::relative(entry.path(), source_root);
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
