// A loss of leadership is heard of in more than one place, and in some terms in one alone: it is told once each time.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "report/reporter.hpp"
#include "telemetry/health.hpp"

using namespace oes;

namespace {

struct told {
  logger log{{.log_level = "error"}};
  metrics numbers{"openelectricity"};
  daemon_status board;
  time_source clock;
  reporter report{log, numbers, board, clock};

  [[nodiscard]] std::ptrdiff_t events(const std::string& text) const {
    return std::ranges::count(board.events, text, &daemon_event::text);
  }
  [[nodiscard]] bool counts(const std::string& change, int times) const {
    const auto line = "openelectricity_leadership_changes_total{deployment=\"openelectricity\",change=\"" + change +
                      "\"} " + std::to_string(times) + "\n";
    return numbers.exposition(board).find(line) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("B: a loss that is heard from the group and again at the end of the term is one loss") {
  told t;
  t.report.leads("here/1");
  CHECK(t.board.role == "leading");
  CHECK(t.board.leader == "here/1");
  t.report.lost_leadership();
  t.report.lost_leadership();
  CHECK(t.events("leadership lost") == 1);
  CHECK(t.counts("lost", 1));
  CHECK(t.board.troubles.contains("leadership"));
  t.report.leads_no_more();
  CHECK(t.board.role == "standby");
  CHECK(t.board.leader.empty());
}

TEST_CASE("B: each term that is lost counts, however it was heard of; one that is given up does not") {
  told t;
  for (int term = 0; term < 2; ++term) {
    t.report.leads("here/1");
    t.report.lost_leadership();  // at the end of a term of which no group was told: a transaction was fenced
    t.report.leads_no_more();
  }
  t.report.leads("here/1");
  t.report.leads_no_more();  // a stop
  CHECK(t.counts("gained", 3));
  CHECK(t.counts("lost", 2));
  CHECK(t.events("leadership lost") == 2);
}

TEST_CASE("E3: a standby whose leader is no daemon says so, with what to do, and is not ready") {
  told t;
  t.report.leads_no_more();
  t.board.role = "standby";
  t.report.stands_by_for("");
  t.report.stands_by_for("host-7-aa-4711-0123abcd");
  CHECK(t.board.leader == "host-7-aa-4711-0123abcd");
  CHECK(judge_health(t.board).level == health_level::ok);
  for (const auto* client : {"rdkafka", "consumer-openelectricity-1", "console-consumer", "a-1-0123abcz", "-1-0123abcd",
                             "a--0123abcd", "0123abcd", "1-0123abcd", "sarama"}) {
    CAPTURE(client);
    t.report.stands_by_for(client);
    const auto judged = judge_health(t.board);
    CHECK(judged.level == health_level::failing);
    CHECK(level_of(judged, "leadership") == health_level::failing);
    CHECK(line_of(judged).find("held by the client '" + std::string(client) + "'") != std::string::npos);
    CHECK(line_of(judged).find("give that consumer another group.id") != std::string::npos);
  }
  t.report.stands_by_for("host-4711-0123abcd");
  CHECK(judge_health(t.board).level == health_level::ok);
  t.report.stands_by_for("rdkafka");
  t.report.leads("host-4712-0123abcd");
  CHECK_FALSE(t.board.troubles.contains("foreign member"));
}
