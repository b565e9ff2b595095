// The small progress.json and the months beside it.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "integration/progress/temp_folder.hpp"
#include "operate/trust.hpp"
#include "progress/progress_mirror.hpp"
#include "progress/reconcile.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;
namespace fs = std::filesystem;

namespace {

const member_key power{"nem", "power"};

progress_snapshot twenty_years() {
  auto out = samples::snapshot();
  out.state.chain = std::string(64, 'a');
  out.state.written = {{"openelectricity.power", {{0, 100}, {1, 200}}}};
  out.state.members[power].labels.cover({samples::local("2006-11-01T00:00:00"), samples::local("2026-11-22T10:00:00")});
  return out;
}

std::set<std::string> months_in(const temp_folder& folder) {
  std::set<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder.of("progress.months"))) out.insert(entry.path().filename());
  return out;
}

found_progress read_from(const temp_folder& folder) {
  const auto found = read_progress_file(folder.path());
  REQUIRE_MESSAGE(found.has_value(), found.error().context);
  return *found;
}

void step(progress_snapshot& snapshot) {
  auto& member = snapshot.state.members[power];
  member.labels.cover({member.position, member.position + std::chrono::minutes(5)});
  member.position += std::chrono::minutes(5);
  snapshot.state.sequence += 1;
  snapshot.place.offset += 4;
}

}  // namespace

TEST_CASE("D1: old months are sealed beside progress.json, and it is read back whole") {
  const temp_folder folder;
  progress_mirror mirror(folder.path(), mirrored_delivery::exactly_once);
  auto snapshot = twenty_years();
  REQUIRE(mirror.write(snapshot).has_value());
  CHECK(months_in(folder).size() == 239);  // all but November 2026 and October, which may still be read again
  CHECK(read_from(folder).snapshot == snapshot);
  CHECK(read_from(folder).damage.empty());
  struct stat about {};
  REQUIRE(::stat((folder.of("progress.months") + "/" + *months_in(folder).begin()).c_str(), &about) == 0);
  CHECK((about.st_mode & 0777U) == 0600U);
}

TEST_CASE("D1: a cycle writes the head alone, whatever lies behind it") {
  const temp_folder folder;
  progress_mirror mirror(folder.path(), mirrored_delivery::exactly_once);
  auto snapshot = twenty_years();
  REQUIRE(mirror.write(snapshot).has_value());
  const auto sealed = months_in(folder);
  std::set<std::string> times;
  const auto mark = [&] {
    times.clear();
    for (const auto& name : sealed) {
      struct stat about {};
      REQUIRE(::stat((folder.of("progress.months") + "/" + name).c_str(), &about) == 0);
      times.insert(name + std::to_string(about.st_ino));
    }
    return times;
  };
  const auto before = mark();
  for (int i = 0; i < 3; ++i) {
    step(snapshot);
    REQUIRE(mirror.write(snapshot).has_value());
  }
  CHECK(mark() == before);
  CHECK(months_in(folder) == sealed);
  CHECK(folder.text("progress.json").size() < 32'000);
  CHECK(read_from(folder).snapshot == snapshot);
}

TEST_CASE("D1: a change of an old month writes that month anew, and the old file goes once nobody names it") {
  const temp_folder folder;
  progress_mirror mirror(folder.path(), mirrored_delivery::exactly_once);
  auto snapshot = twenty_years();
  REQUIRE(mirror.write(snapshot).has_value());
  const auto before = snapshot;
  snapshot.state.members[power].labels.forget(
      {samples::local("2010-05-03T00:00:00"), samples::local("2010-05-04T00:00:00")});
  step(snapshot);
  REQUIRE(mirror.write(snapshot).has_value());
  CHECK(months_in(folder).size() == 240);  // both of May 2010: .prev names the other
  folder.put("progress.json", "torn");
  CHECK(read_from(folder).snapshot == before);
  REQUIRE(mirror.write(snapshot).has_value());
  step(snapshot);
  REQUIRE(mirror.write(snapshot).has_value());
  CHECK(months_in(folder).size() == 239);
  CHECK(read_from(folder).snapshot == snapshot);
}

TEST_CASE("D1: a month that was deleted or damaged is told, leaves the evidence, and is written again") {
  const temp_folder folder;
  const auto snapshot = twenty_years();
  REQUIRE(write_progress_file(folder.path(), snapshot).has_value());
  const auto names = months_in(folder);
  const auto first = "progress.months/" + *names.begin();
  SUBCASE("deleted") { fs::remove(folder.of(first)); }
  SUBCASE("edited") { folder.put(first, "{}"); }
  SUBCASE("a folder") {
    fs::remove(folder.of(first));
    fs::create_directory(folder.of(first));
  }
  const auto found = read_from(folder);
  REQUIRE(found.snapshot);
  CHECK(!found.from_previous);
  CHECK(found.snapshot->state.chain == snapshot.state.chain);
  CHECK(found.snapshot->state.sequence == snapshot.state.sequence);
  CHECK(found.damage.find(first) != std::string::npos);
  reconcile_input input;
  input.file = found;
  input.kafka = snapshot;
  input.topic = snapshot.place.topic;
  input.cluster_id = snapshot.place.cluster_id;
  const auto decision = reconcile(input);
  REQUIRE_MESSAGE(decision.has_value(), decision.error().context);
  CHECK(decision->start_from == snapshot);
  const auto trusted = trust_side(input, {}, trusted_side::file);
  REQUIRE(trusted.has_error());
  CHECK(trusted.error().context.find(first) != std::string::npos);
  input.kafka.reset();  // deleted months make no fresh start of a lost topic
  CHECK(reconcile(input).has_error());
  if (fs::is_directory(folder.of(first))) return;  // somebody's folder is not removed
  REQUIRE(write_progress_file(folder.path(), snapshot).has_value());
  CHECK(read_from(folder).snapshot == snapshot);
  CHECK(read_from(folder).damage.empty());
}

TEST_CASE("D1: a month deleted while the daemon runs is there again after the next cycle") {
  const temp_folder folder;
  progress_mirror mirror(folder.path(), mirrored_delivery::exactly_once);
  auto snapshot = twenty_years();
  REQUIRE(mirror.write(snapshot).has_value());
  fs::remove_all(folder.of("progress.months"));
  step(snapshot);
  REQUIRE(mirror.write(snapshot).has_value());
  CHECK(read_from(folder).snapshot == snapshot);
}
