// What `status` shows of a daemon on a terminal.
#include <doctest/doctest.h>

#include <string>

#include "commands/status_client.hpp"
#include "telemetry/status_board.hpp"
#include "telemetry/status_json.hpp"

using namespace oes;

namespace {

daemon_status with(std::int64_t open, std::int64_t given_up) {
  daemon_status board;
  board.deployment = "grid";
  auto& member = board.members[{"fuel", "power"}];
  member.stream = "fuel";
  member.network = "NEM";
  member.metric = "power";
  member.open_gaps = open;
  member.given_up_gaps = given_up;
  return board;
}

std::string row_of(const daemon_status& board) {
  const auto text = status_as_text(to_json(board));
  const auto begin = text.find("fuel ");
  REQUIRE(begin != std::string::npos);
  const auto row = text.substr(begin, text.find('\n', begin) - begin);
  return row.substr(0, row.find_last_not_of(' ') + 1);
}

}  // namespace

TEST_CASE("gaps that are still asked for are counted, and those given up are told beside them") {
  CHECK(row_of(with(2, 0)).ends_with(" 2"));
  CHECK(row_of(with(2, 3)).ends_with(" 2, 3 given up"));
  CHECK(row_of(with(0, 1)).ends_with(" 0, 1 given up"));
}

TEST_CASE("a backfill has a line of its own, and says what it waits for") {
  auto board = with(0, 0);
  CHECK(status_as_text(to_json(board)).find("backfill") == std::string::npos);
  board.backfill = backfill_status{"fuel", "2026-01-01", "2026-02-01", 3, 8, 120, 4, "the day's credits", "10:00"};
  const auto text = status_as_text(to_json(board));
  CHECK(text.find("backfill fuel  2026-01-01 to 2026-02-01  chunks 3 of 8  records 120  requests 4\n") !=
        std::string::npos);
  CHECK(text.find("waits until 10:00: the day's credits\n") != std::string::npos);
}

TEST_CASE("a file that is not what runs is told, and a reload that was refused") {
  auto board = with(0, 0);
  CHECK(status_as_text(to_json(board)).find("configuration") == std::string::npos);
  board.config = {"/etc/c.yaml", std::nullopt, false, "", "streams added: wem"};
  CHECK(
      status_as_text(to_json(board)).find("configuration: /etc/c.yaml is not what runs (streams added: wem): reload") !=
      std::string::npos);
  board.config.differs = "it would be refused: c.yaml:1:1: error: not valid YAML";
  CHECK(status_as_text(to_json(board)).find("not valid YAML): correct it; a restart would end with 78\n") !=
        std::string::npos);
  board.config.refused = true;
  board.config.outcome = "reload refused, what ran goes on: deployment cannot change";
  CHECK(status_as_text(to_json(board)).find("configuration: reload refused, what ran goes on: deployment") !=
        std::string::npos);
}

TEST_CASE("health comes first, with its reasons; colours are for terminals") {
  auto board = with(0, 0);
  board.role = "leading";
  board.now = utc_time(std::chrono::hours(1));
  board.api_outage = api_outage_status{};
  const auto json = to_json(board);
  const auto plain = status_as_text(json);
  CHECK(plain.starts_with("health failing\n    failing: the API is away"));
  CHECK(plain.find('\x1b') == std::string::npos);
  CHECK(status_as_text(json, ink::coloured).starts_with("health \x1b[1;31mfailing\x1b[0m\n"));
  CHECK(why_not_ready(json).starts_with("not ready\nthe API is away"));
}

TEST_CASE("who is well or merely degraded is ready") {
  CHECK(why_not_ready(R"({"health": {"level": "ok", "reasons": []}})").empty());
  CHECK(why_not_ready(R"({"health": {"level": "degraded", "reasons": [{"what": "late"}]}})").empty());
  CHECK_FALSE(why_not_ready("{}").empty());
  CHECK_FALSE(why_not_ready("no JSON").empty());
}
