// E1: what ended the processes before sets apart what they were at work on, until it goes well.
#include "app/ends_before.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "async/clock.hpp"
#include "progress/unexpected_ends.hpp"
#include "support/end_of_process.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const work_key fuel{"fuel", "data", work_place::live};

work_in_hand window(const char* from, const char* to) {
  return {fuel, {at(std::string("2026-11-23T") + from + ":00"), at(std::string("2026-11-23T") + to + ":00")}};
}

struct place {
  place() : folder(std::filesystem::temp_directory_path() / ("oes-ends-before-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    settings.log_level = "error";
  }
  ~place() { std::filesystem::remove_all(folder); }
  place(const place&) = delete;
  place& operator=(const place&) = delete;

  /// A process begins there, works on these and ends of it.
  process_end die(const std::vector<work_in_hand>& works) const {
    return end_of_process([&] {
      logger log(settings);
      ends_before ends(folder, log);
      ends.open();
      ends.begins("fuel data", works);
      ends.end("fuel data", std::make_exception_ptr(std::runtime_error("poison")));
    });
  }
  [[nodiscard]] std::vector<unexpected_end> left() const { return read_unexpected_ends(folder).value(); }

  std::filesystem::path folder;
  telemetry_settings settings;
};

}  // namespace

TEST_CASE("E1: after two ends in a row it is set apart, with the window and the cause in words") {
  const place here;
  const auto first = here.die({window("10:00", "10:30")});
  CHECK(first.code == 70);
  CHECK(first.said.find(R"(stream="fuel" dataset="data" window="2026-11-23T10:00:00 to 2026-11-23T10:30:00")") !=
        std::string::npos);
  logger log(here.settings);
  ends_before after_one(here.folder, log);
  after_one.open();
  CHECK(after_one.any());
  CHECK_FALSE(after_one.of(fuel).has_value());
  here.die({window("10:00", "10:35")});
  ends_before after_two(here.folder, log);
  after_two.open();
  const auto apart = after_two.of(fuel);
  REQUIRE(apart.has_value());
  CHECK(apart->pause > std::chrono::minutes(4));
  CHECK(apart->pause <= std::chrono::minutes(5));
  CHECK(apart->why.find("2 times in a row") != std::string::npos);
  CHECK(apart->why.find("with the window 2026-11-23T10:00:00 to 2026-11-23T10:35:00: poison") != std::string::npos);
  CHECK_FALSE(after_two.of({"fuel", "market", work_place::live}).has_value());
}

TEST_CASE("E1: only what is read through as far as it ended the process takes that back, in pieces too") {
  const place here;
  here.die({window("10:00", "10:30")});
  here.die({window("10:00", "10:30")});
  logger log(here.settings);
  ends_before ends(here.folder, log);
  ends.open();
  ends.succeeded(window("10:25", "10:35"));  // the live edge, say
  ends.succeeded({{"regions", "data", work_place::live}, window("09:00", "11:00").window});
  CHECK(ends.of(fuel).has_value());
  CHECK(ends.finish(std::chrono::seconds(60)));
  CHECK(here.left().size() == 2);
  ends.succeeded(window("10:00", "10:10"));
  CHECK(ends.of(fuel).has_value());
  ends.succeeded(window("10:10", "10:25"));
  CHECK_FALSE(ends.of(fuel).has_value());
  CHECK_FALSE(ends.any());
  CHECK(ends.finish(std::chrono::seconds(60)));
  CHECK(here.left().empty());
  CHECK(ends.known().well.contains(fuel));
}

TEST_CASE("E1: a standby learns of it from Kafka, and an end of its own is added") {
  const place here;
  logger log(here.settings);
  const auto now = wall_now();
  const end_history of_the_other{{{now - std::chrono::seconds(9), fuel, "", "poison"}}, {}};
  here.die({window("10:00", "10:30")});
  ends_before ends(here.folder, log);
  ends.open();
  CHECK_FALSE(ends.of(fuel).has_value());
  ends.learn(of_the_other);
  CHECK(ends.of(fuel).has_value());
  CHECK(ends.known().ends.size() == 2);
}

TEST_CASE("E1: of a transaction all whose records it held are noted; without a note nothing is") {
  const place here;
  here.die({window("10:00", "10:30"), {{"wem", "market", work_place::live}, {}}});
  CHECK(here.left().size() == 2);
  here.die({});
  CHECK(here.left().size() == 2);
}
