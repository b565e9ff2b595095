// What code and documents cite is there: a stranger has nothing but this checkout.
#include <doctest/doctest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = fs::path(OES_FIXTURES) / ".." / "..";

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> files(const std::vector<std::string>& folders, const std::set<std::string>& extensions) {
  std::vector<fs::path> found;
  for (const auto& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.is_regular_file() && extensions.contains(entry.path().extension().string())) {
        found.push_back(entry.path());
      }
    }
  }
  return found;
}

std::vector<fs::path> documents() {
  auto found = files({"docs", "src", "tests", "examples"}, {".md"});
  found.push_back(root / "README.md");
  return found;
}

std::vector<std::smatch> all(const std::string& text, const std::regex& what) {
  return {std::sregex_iterator(text.begin(), text.end(), what), {}};
}

/// Headings as GitHub names their anchors.
std::set<std::string> anchors(const std::string& text) {
  static const std::regex heading(R"((^|\n)#+ ([^\n]+))");
  std::set<std::string> found;
  for (const auto& match : all(text, heading)) {
    std::string anchor;
    for (const char c : match[2].str()) {
      if (c == ' ') anchor += '-';
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_') {
        anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
    found.insert(anchor);
  }
  return found;
}

}  // namespace

TEST_CASE("each section of docs/ that is cited is there") {
  static const std::regex cited(R"(\b([a-z-]+\.md)((,? §[0-9]+(\.[0-9]+)?)+))");
  static const std::regex section(R"(§([0-9]+(\.[0-9]+)?))");
  auto citing = files({"src", "tests"}, {".cpp", ".hpp", ".py", ".sh"});
  for (auto& document : documents()) citing.push_back(std::move(document));
  int checked = 0;
  for (const auto& file : citing) {
    const auto text = text_of(file);
    for (const auto& match : all(text, cited)) {
      const auto where = file.lexically_relative(root).string() + ": " + match.str();
      const auto document = root / "docs" / match[1].str();
      REQUIRE_MESSAGE(fs::exists(document), where);
      const auto sections = match[2].str();
      for (const auto& one : all(sections, section)) {
        const auto heading = std::regex("(^|\\n)##+ " + one[1].str() + "\\.? ");
        CHECK_MESSAGE(std::regex_search(text_of(document), heading), where);
        ++checked;
      }
    }
  }
  CHECK(checked > 50);
}

TEST_CASE("each relative link of a document leads somewhere") {
  static const std::regex link(R"(\]\(([^)#\s]*)(#([^)\s]+))?\))");
  int checked = 0;
  for (const auto& document : documents()) {
    const auto text = text_of(document);
    for (const auto& match : all(text, link)) {
      const auto target = match[1].str();
      if (target.find("://") != std::string::npos) continue;
      const auto where = document.lexically_relative(root).string() + ": " + match.str();
      const auto file = target.empty() ? document : document.parent_path() / target;
      REQUIRE_MESSAGE(fs::exists(file), where);
      if (match[3].matched) CHECK_MESSAGE(anchors(text_of(file)).contains(match[3].str()), where);
      ++checked;
    }
  }
  CHECK(checked > 20);
}
