// No file includes, on whatever way, what includes it: a .cpp counts as its header's. So a leaf is read without those
// who call it.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

using names = std::set<std::string>;
using include_graph = std::map<std::string, names>;  // by name, without extension

std::string without_extension(const std::string& file) { return file.substr(0, file.rfind('.')); }

include_graph graph_of_includes() {
  const auto root = fs::path(OES_FIXTURES) / ".." / ".." / "src";
  include_graph found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    const auto name = without_extension(fs::relative(entry.path(), root).generic_string());
    auto& included = found[name];
    std::ifstream text(entry.path());
    for (std::string line; std::getline(text, line);) {
      if (line.rfind("#include \"", 0) != 0) continue;
      const auto other = without_extension(line.substr(10, line.rfind('"') - 10));
      if (other != name) included.insert(other);
    }
  }
  return found;
}

names reached_from(const include_graph& all, const std::string& begin) {
  names reached;
  std::vector<std::string> open{begin};
  while (!open.empty()) {
    const auto here = all.find(open.back());
    open.pop_back();
    if (here == all.end()) continue;
    for (const auto& next : here->second) {
      if (reached.insert(next).second) open.push_back(next);
    }
  }
  return reached;
}

// Files that reach each other.
std::set<names> circles_in(const include_graph& all) {
  std::map<std::string, names> reached;
  for (const auto& [name, included] : all) reached[name] = reached_from(all, name);
  std::set<names> found;
  for (const auto& [name, others] : reached) {
    if (!others.contains(name)) continue;
    names circle;
    std::copy_if(others.begin(), others.end(), std::inserter(circle, circle.end()),
                 [&, self = name](const std::string& other) { return reached[other].contains(self); });
    found.insert(std::move(circle));
  }
  return found;
}

std::string in_one_line(const names& some) {
  std::string out;
  for (const auto& one : some) out += " " + one;
  return out;
}

}  // namespace

TEST_CASE("no files include each other in a circle") {
  for (const auto& circle : circles_in(graph_of_includes())) FAIL_CHECK("a circle:" << in_one_line(circle));
}
