// The map of src/README.md, checked: which room may include which.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "unit/architecture/source_lines.hpp"

using namespace oes::test;

namespace {

namespace fs = std::filesystem;

struct include_line {
  fs::path file;
  std::string target;
  bool angled = false;
};

std::string room_of(const std::string& path) { return path.substr(0, path.find('/')); }

std::vector<include_line> includes_of(const fs::path& file) {
  std::vector<include_line> found;
  std::ifstream text(file);
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("#include ", 0) != 0) continue;
    const bool angled = line[9] == '<';
    const auto end = line.find(angled ? '>' : '"', 10);
    found.push_back({fs::relative(file, source_root), line.substr(10, end - 10), angled});
  }
  return found;
}

std::vector<include_line> all_includes() {
  std::vector<include_line> found;
  for (const auto& entry : fs::recursive_directory_iterator(source_root)) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    for (auto& line : includes_of(entry.path())) found.push_back(std::move(line));
  }
  return found;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// What a room may include beside itself, model/ and async/.
bool allowed(const std::string& room, const std::string& target) {
  static const std::map<std::string, std::set<std::string>> rooms{
      {"model", {}},
      {"async", {}},
      {"telemetry", {}},
      {"kafka", {"telemetry"}},
      {"files", {}},
      {"schedule", {}},
      {"decode", {}},
      {"records", {}},
      {"avro", {"records"}},
      {"config", {}},
      {"migrate", {"config"}},
      {"fetch", {"telemetry"}},
      {"registry", {"fetch", "records", "files"}},
      {"publish", {"telemetry", "kafka"}},
      {"progress", {"telemetry", "kafka", "files"}},
      {"operate", {"progress", "telemetry"}},
      {"verify", {"progress", "records"}},
      {"groups", {"schedule", "records"}},
      {"facilities", {"decode", "records"}},
      {"reader", {"fetch", "decode", "records", "groups", "facilities", "schedule", "report"}},
      {"commit", {"publish", "progress", "operate", "groups", "records", "telemetry"}},
      {"report", {"groups", "schedule", "decode", "records", "telemetry"}},
      {"pipeline", {"reader", "commit", "report", "groups", "facilities", "schedule", "records", "avro"}},
      {"backfill", {"pipeline", "reader", "groups", "facilities", "schedule", "records", "progress"}},
      {"simulator", {}}};
  const auto other = room_of(target);
  if (other == room || other == "model") return true;
  if (other == "async") return room != "model";
  if (room == "config" && ends_with(target, "_settings.hpp")) return true;
  const auto known = rooms.find(room);
  return known != rooms.end() && known->second.count(other) == 1;
}

}  // namespace

TEST_CASE(
    "a room includes itself, model, async, and the rooms that the map names for it: none of them includes it back") {
  const auto lines = all_includes();
  REQUIRE(lines.size() > 500);
  for (const auto& line : lines) {
    const auto room = room_of(line.file.generic_string());
    if (line.angled || (room == "app" && room_of(line.target) != "commands") || room == "commands" ||
        !line.file.has_parent_path())
      continue;
    CAPTURE(line.file.generic_string());
    CAPTURE(line.target);
    CHECK(allowed(room, line.target));
  }
}

TEST_CASE("the walk of a record sees ports and pure functions, no adapter") {
  const std::set<std::string> walk{"groups", "facilities", "reader", "commit", "report", "pipeline", "backfill"};
  for (const auto& line : all_includes()) {
    const auto room = room_of(line.file.generic_string());
    if (!walk.contains(room)) continue;
    CAPTURE(line.file.generic_string());
    CAPTURE(line.target);
    for (const auto* adapter :
         {"fetch/rest_source.hpp", "publish/kafka_publisher.hpp", "progress/kafka_progress.hpp"}) {
      CHECK(line.target != adapter);
    }
    for (const auto* library : {"librdkafka/", "rapidjson/", "yaml-cpp/", "prometheus/", "boost/beast", "openssl/"}) {
      CHECK(line.target.rfind(library, 0) != 0);
    }
  }
}

TEST_CASE("third-party headers stay behind their doors") {
  const std::map<std::string, std::set<std::string>> doors{
      {"librdkafka/", {"kafka", "publish", "progress", "simulator"}},
      {"rapidjson/",
       {"kafka", "decode", "records", "avro", "registry", "progress", "operate", "verify", "telemetry", "commands",
        "simulator"}},
      {"yaml-cpp/", {"config"}},
      {"prometheus/", {"telemetry"}},
      {"CLI/", {"commands", "simulator"}},
      {"boost/beast", {"fetch", "telemetry", "commands", "simulator"}},
      {"openssl/", {"fetch", "progress", "telemetry"}}};
  for (const auto& line : all_includes()) {
    if (!line.file.has_parent_path()) continue;
    for (const auto& [library, rooms] : doors) {
      if (line.target.rfind(library, 0) != 0) continue;
      CAPTURE(line.file.generic_string());
      CAPTURE(line.target);
      CHECK(rooms.count(room_of(line.file.generic_string())) == 1);
    }
  }
}
