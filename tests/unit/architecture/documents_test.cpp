// What code and documents cite is there: a stranger has nothing but this checkout.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "unit/architecture/source_lines.hpp"

using namespace oes::test;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files(const std::vector<std::string>& folders, const std::set<std::string>& extensions) {
  std::vector<fs::path> found;
  for (const auto& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(checkout / folder)) {
      if (entry.is_regular_file() && extensions.contains(entry.path().extension().string())) {
        found.push_back(entry.path());
      }
    }
  }
  return found;
}

std::vector<fs::path> documents() {
  auto found = files({"docs", "src", "tests", "examples"}, {".md"});
  found.push_back(checkout / "README.md");
  found.push_back(checkout / "CHANGELOG.md");
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

/// The texts of one source between quotes, a line each; neighbours are one text, as for the compiler.
std::string quoted_texts(const std::string& source) {
  std::string out;
  bool again = false;  // only blanks since the last text
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source.compare(i, 2, "//") == 0) {
      i = std::min(source.find('\n', i), source.size());
    } else if (source[i] == '\'') {  // a character, or a separator of digits
      if (source.compare(i + 1, 1, "\\") == 0 && i + 3 < source.size())
        i += 3;
      else if (i + 2 < source.size() && source[i + 2] == '\'')
        i += 2;
      again = false;
    } else if (source[i] == '"') {
      if (again) out.pop_back();
      for (++i; i < source.size() && source[i] != '"'; ++i) {
        if (source[i] == '\\') ++i;
        out += source[i];
      }
      out += '\n';
      again = true;
    } else if (std::isspace(static_cast<unsigned char>(source[i])) == 0) {
      again = false;
    }
  }
  return out;
}

std::string all_quoted_texts() {
  std::string out;
  for (const auto& file : files({"src"}, {".cpp", ".hpp"})) out += quoted_texts(text_of(file));
  return out;
}

/// What stands between `…` and placeholders in capitals: the parts of a message that are always there.
std::vector<std::string> fixed_parts(std::string message) {
  message = std::regex_replace(message, std::regex("…|\\b[A-Z]\\b"), "\n");
  std::vector<std::string> parts;
  for (const auto& match : all(message, std::regex("[^\\n]*[a-z][^\\n]*"))) {
    auto part = match.str();
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    parts.push_back(part);
  }
  return parts;
}

}  // namespace

TEST_CASE("each message that docs/troubleshooting.md explains is one of the program") {
  const auto texts = all_quoted_texts();
  const auto document = text_of(checkout / "docs" / "troubleshooting.md");
  int checked = 0;
  for (const auto& row : all(document, std::regex(R"(\n\| ([^|]*) \|)"))) {
    const auto first_cell = row[1].str();
    for (const auto& message : all(first_cell, std::regex("`([^`]* [^`]*)`"))) {
      for (const auto& part : fixed_parts(message[1].str())) {
        CAPTURE(message.str());
        CAPTURE(part);
        CHECK(texts.find(part) != std::string::npos);
        ++checked;
      }
    }
  }
  CHECK(checked > 60);
}

TEST_CASE("each warning and each error of the log is explained in docs/troubleshooting.md") {
  static const std::regex told(R"re(\.(?:warn|error)\(\s*("(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*))re");
  const auto document = text_of(checkout / "docs" / "troubleshooting.md");
  int checked = 0;
  for (const auto& file : files({"src"}, {".cpp"})) {
    const auto text = text_of(file);
    for (const auto& match : all(text, told)) {
      auto sentence = quoted_texts(match[1].str());
      sentence.resize(std::min(sentence.find_first_of("`\n"), sentence.size()));
      sentence.resize(sentence.find_last_not_of(' ') + 1);
      const auto where = file.lexically_relative(checkout).string() + ": " + sentence;
      CHECK_MESSAGE(document.find(sentence) != std::string::npos, where);
      ++checked;
    }
  }
  CHECK(checked > 40);
}

TEST_CASE("texts between quotes are found as the compiler takes them") {
  CHECK(quoted_texts("a = \"one \"\n    \"two\"; // \"no\"\nb = \"it's \" + c + '\"' + \"three\";") ==
        "one two\nit's \nthree\n");
  CHECK(fixed_parts("the plan (… N) waits until …: spent") ==
        std::vector<std::string>{"the plan (", ") waits until", ": spent"});
}

TEST_CASE("docs/monitoring.md has every metric, and no other") {
  static const std::regex metric(
      R"(\b(openelectricity_[a-z0-9_]+|process_(?:cpu|virtual|resident|open|max|start)[a-z_]*)\b)");
  const auto named_in = [](const std::string& text) {
    std::set<std::string> found;
    for (const auto& match : all(text, metric)) found.insert(match.str());
    return found;
  };
  const auto told = named_in(text_of(checkout / "docs" / "monitoring.md"));
  std::set<std::string> made;
  for (const auto& file : files({"src/telemetry"}, {".cpp"})) made.merge(named_in(text_of(file)));
  CHECK(made.size() > 60);
  for (const auto& one : made) CHECK_MESSAGE(told.contains(one), one);
  for (const auto& one : told) CHECK_MESSAGE(made.contains(one), one);
}

TEST_CASE("each section of docs/ that is cited is there") {
  static const std::regex cited(R"(\b([a-z-]+\.md)((,? §[0-9]+(\.[0-9]+)?)+))");
  static const std::regex section(R"(§([0-9]+(\.[0-9]+)?))");
  auto citing = files({"src", "tests"}, {".cpp", ".hpp", ".py", ".sh"});
  for (auto& document : documents()) citing.push_back(std::move(document));
  int checked = 0;
  for (const auto& file : citing) {
    const auto text = text_of(file);
    for (const auto& match : all(text, cited)) {
      const auto where = file.lexically_relative(checkout).string() + ": " + match.str();
      const auto document = checkout / "docs" / match[1].str();
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

TEST_CASE("each document that code, tests and deployment name is there, and what of it they name") {
  static const std::regex named(R"(\bdocs/([a-z-]+\.md)(#([a-z0-9_-]+))?)");
  auto citing = files({"src", "tests", "examples", "deploy", "systemd"},
                      {".cpp", ".hpp", ".py", ".sh", ".yaml", ".json", ".service", ".cmake", ".md"});
  for (const auto* one : {"Dockerfile", "CHANGELOG.md"}) citing.push_back(checkout / one);
  int checked = 0;
  for (const auto& file : citing) {
    const auto text = text_of(file);
    for (const auto& match : all(text, named)) {
      const auto where = file.lexically_relative(checkout).string() + ": " + match.str();
      const auto document = checkout / "docs" / match[1].str();
      REQUIRE_MESSAGE(fs::exists(document), where);
      if (match[3].matched) CHECK_MESSAGE(anchors(text_of(document)).contains(match[3].str()), where);
      ++checked;
    }
  }
  CHECK(checked > 50);
}

TEST_CASE("each source file that docs/ names is there") {
  static const std::regex named("`([a-z]+)/([a-z_]+)(\\.[ch]pp)?`");
  int checked = 0;
  for (const auto& document : files({"docs"}, {".md"})) {
    const auto text = text_of(document);
    for (const auto& match : all(text, named)) {
      const auto room = checkout / "src" / match[1].str();
      if (!fs::exists(room)) continue;  // of something else
      const auto where = document.lexically_relative(checkout).string() + ": " + match.str();
      const auto there = [&](const std::string& extension) { return fs::exists(room / (match[2].str() + extension)); };
      CHECK_MESSAGE((match[3].matched ? there(match[3].str()) : there(".cpp") || there(".hpp")), where);
      ++checked;
    }
  }
  CHECK(checked > 30);
}

TEST_CASE("the guide to a new endpoint, and to a new encoding, names every file that knows those there are") {
  const auto guide = text_of(checkout / "docs" / "architecture.md");
  const auto row = [&](const std::string& of) {
    const auto begin = guide.find("\n| " + of + " |");
    REQUIRE_MESSAGE(begin != std::string::npos, of);
    return guide.substr(begin, guide.find('\n', begin + 1) - begin);
  };
  const std::pair<std::string, std::regex> kinds[] = {
      {row("an endpoint of the API"), std::regex(R"(\bendpoint::(data|market|facility|facilities)\b)")},
      {row("an encoding of records"), std::regex(R"(\brecord_format::|\bis_of_avro\()")}};
  for (const auto& file : files({"src"}, {".cpp", ".hpp"})) {
    if (file.parent_path().filename() == "simulator") continue;
    const auto text = text_of(file);
    for (const auto& [told, knows] : kinds) {
      if (!std::regex_search(text, knows)) continue;
      // Beside one of its room a file is named alone.
      CHECK_MESSAGE(told.find(file.filename().string() + "`") != std::string::npos,
                    file.lexically_relative(checkout).string());
    }
  }
}

TEST_CASE("each relative link of a document leads somewhere") {
  static const std::regex link(R"(\]\(([^)#\s]*)(#([^)\s]+))?\))");
  int checked = 0;
  for (const auto& document : documents()) {
    const auto text = text_of(document);
    for (const auto& match : all(text, link)) {
      const auto target = match[1].str();
      if (target.find("://") != std::string::npos) continue;
      const auto where = document.lexically_relative(checkout).string() + ": " + match.str();
      const auto file = target.empty() ? document : document.parent_path() / target;
      REQUIRE_MESSAGE(fs::exists(file), where);
      if (match[3].matched) CHECK_MESSAGE(anchors(text_of(file)).contains(match[3].str()), where);
      ++checked;
    }
  }
  CHECK(checked > 20);
}
