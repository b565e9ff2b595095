// Whatever lies under progress_path is opened by files/ alone, which follows no link, waits for no pipe and reads
// nothing without end (D5, H1, H2).
#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "unit/architecture/source_lines.hpp"

using namespace oes::test;

namespace {

// What they open lies elsewhere, or is no file.
const std::set<std::string> elsewhere{
    "async/last_words.cpp",           // of a dying process, which may not allocate: guarded in the same way
    "commands/migrate_command.cpp",   // where a person says
    "commands/progress_views.cpp",    // the same, and perhaps a pipe
    "config/config_file.cpp",         // the configuration
    "config/secret_file.cpp",         // key and passwords
    "operate/control_socket.cpp",     // the folder, for a socket in it
    "progress/progress_file.cpp",     // whether the folder can be read
    "telemetry/process_metrics.cpp",  // /proc
};

bool may_open_none(const std::filesystem::path& file) {
  const auto room = file.begin()->string();
  const auto extension = file.extension();
  return (extension == ".cpp" || extension == ".hpp") && room != "files" && room != "simulator" &&
         !elsewhere.contains(file.generic_string());
}

}  // namespace

TEST_CASE("H1: every file in progress_path is opened by files/ alone") {
  static const std::regex opens(R"((^|[^\w>])::(open|openat|creat)\(|\bfopen\(|\b[io]?fstream\b[^>])");
  const auto found =
      joined(source_lines(may_open_none, [](const std::string& line) { return std::regex_search(line, opens); }));
  CHECK_MESSAGE(found.empty(), found);
}
