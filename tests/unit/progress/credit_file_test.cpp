#include "progress/credit_file.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "progress/progress_codec.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

struct folder {
  folder() : path(std::filesystem::temp_directory_path() / ("oes-credits-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path);
  }
  ~folder() { std::filesystem::remove_all(path); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  [[nodiscard]] std::string text() const {
    std::ifstream file(path / "budget.json");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::filesystem::path path;
};

const api_account own{"key-0123456789", "https://api.example.org/v4"};
const credit_use spent{utc("2026-11-23T00:00:00Z"), 41};

}  // namespace

TEST_CASE("what was spent is found again, by the same key at the same API only, and the key is not written") {
  const folder here;
  REQUIRE(write_credit_file(here.path, own, spent).has_value());
  CHECK(read_credit_file(here.path, own) == spent);
  CHECK_FALSE(read_credit_file(here.path, {"another-0123456789", own.base_url}));
  CHECK_FALSE(read_credit_file(here.path, {own.key, "https://another.example.org/v4"}));
  CHECK(here.text().find("key-0123456789") == std::string::npos);
}

TEST_CASE("no file and a damaged one are both no knowledge") {
  const folder here;
  CHECK_FALSE(read_credit_file(here.path, own));
  for (const auto* damaged :
       {"", "{", R"({"v":1})", R"({"v":2,"key":"x","day_began":"2026-11-23T00:00:00Z","used":1})"}) {
    std::ofstream(here.path / "budget.json") << damaged;
    CHECK_FALSE(read_credit_file(here.path, own));
  }
}

TEST_CASE("credits travel with progress, and are no part of what is compared") {
  progress_state state;
  ledger_book ledger;
  const auto before = hash_of(state);
  const auto record = encode_credits(spent, 1);
  REQUIRE(apply_progress_record(state, ledger, record.key, record.value).has_value());
  CHECK(state.credits == spent);
  state.sequence = 0;
  CHECK(hash_of(state) == before);
}

TEST_CASE("F1: the plan that grants the credits is remembered with their count") {
  const folder here;
  auto with_plan = spent;
  with_plan.plan = "PRO";
  REQUIRE(write_credit_file(here.path, own, with_plan).has_value());
  CHECK(read_credit_file(here.path, own) == with_plan);
  CHECK_FALSE(read_credit_file(here.path, {"another-0123456789", own.base_url}));
  // Written before plans were: the count holds, the plan is asked for.
  REQUIRE(write_credit_file(here.path, own, spent).has_value());
  CHECK(here.text().find("plan") == std::string::npos);
  CHECK(read_credit_file(here.path, own)->plan.empty());
}
