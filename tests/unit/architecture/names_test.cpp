// One name, one type: two classes of the same name in two rooms link without a word, and then one's destructor runs on
// the other's object (found by AddressSanitizer).
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "unit/architecture/source_lines.hpp"

using namespace oes::test;

namespace {

namespace fs = std::filesystem;

// Types that a file defines at namespace level, but for those of unnamed namespaces (clang-format closes these by
// "}  // namespace").
std::set<std::string> types_of(const fs::path& file) {
  static const std::regex definition(R"(^(struct|class|enum|enum class) (\w+)( final)?( :.*)?( \{.*)?$)");
  std::set<std::string> found;
  std::ifstream text(file);
  bool unnamed = false;
  for (std::string line; std::getline(text, line);) {
    if (line == "namespace {") unnamed = true;
    if (line == "}  // namespace") unnamed = false;
    std::smatch parts;
    if (!unnamed && std::regex_match(line, parts, definition)) found.insert(parts[2]);
  }
  return found;
}

}  // namespace

TEST_CASE("no two files define a type of the same name") {
  std::map<std::string, std::string> where;
  for (const auto& entry : fs::recursive_directory_iterator(source_root)) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    const auto file = fs::relative(entry.path(), source_root).generic_string();
    for (const auto& name : types_of(entry.path())) {
      const auto known = where.emplace(name, file);
      CHECK_MESSAGE(known.second, name << " is defined in " << file << " and in " << known.first->second);
    }
  }
  CHECK(where.size() > 100);
}
