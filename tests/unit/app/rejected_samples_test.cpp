#include "app/rejected_samples.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace oes;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

unsigned mode_of(const fs::path& path) {
  struct stat about {};
  REQUIRE(::lstat(path.c_str(), &about) == 0);
  return about.st_mode & 0777U;
}

}  // namespace

TEST_CASE("G4: a rejected sample holds no key, and nobody but its owner may read it") {
  const auto folder = fs::temp_directory_path() / "oes-rejected-samples";
  fs::remove_all(folder);
  fs::create_directories(folder / "rejected");
  const std::string key = "oe_3ZkQm9tRxW7vLb2NcY5sD";
  const redactor hide({key});
  for (int i = 0; i < 12; ++i)
    keep_rejected_sample(folder.string(), "why " + key, "{\"echo\":\"" + key + "\"} " + key.substr(0, 12), hide);
  CHECK(mode_of(folder / "rejected") == 0700);
  CHECK(std::distance(fs::directory_iterator(folder / "rejected"), fs::directory_iterator()) == 10);
  CHECK(mode_of(folder / "rejected" / "12.txt") == 0600);
  CHECK(text_of(folder / "rejected" / "12.txt") == "why ***\n\n{\"echo\":\"***\"} ***");
  fs::remove_all(folder);
}

TEST_CASE("G4: a rejected sample follows no link out of its folder") {
  const auto folder = fs::temp_directory_path() / "oes-rejected-links";
  fs::remove_all(folder);
  fs::create_directories(folder / "elsewhere");
  fs::create_directory_symlink(folder / "elsewhere", folder / "rejected");
  keep_rejected_sample(folder.string(), "why", "body", {});
  CHECK(fs::is_empty(folder / "elsewhere"));
  fs::remove_all(folder);
}
