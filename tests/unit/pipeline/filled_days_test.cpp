// Days through the poll cycle: published when the feed has filled them, not when the clock says so.
#include <doctest/doctest.h>

#include "pipeline/label_scan.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const member_key energy{"nem", "energy"};

stream_spec daily() {
  auto stream = nem_stream({"energy"});
  stream.interval = interval_size::d1;
  stream.start = at("2026-11-22T00:00:00");
  return stream;
}

/// `{"22", "5.0"}, …`: days of November.
std::string days_body(const std::vector<std::pair<std::string, std::string>>& days) {
  auto body = answer_body("energy", days);
  for (const auto& [day, value] : days) {
    const auto label = "2026-11-23T" + day + ":00+10:00";
    body.replace(body.find(label), label.size(), "2026-11-" + day + "T00:00:00+10:00");
  }
  const std::string native = R"("interval":"5m")";
  return body.replace(body.find(native), native.size(), R"("interval":"1d")");
}

}  // namespace

TEST_CASE("a day whose feed is late is published once, when it is whole") {
  poll_fixture f("2026-11-23T02:31:00");
  f.from.answer(days_body({{"22", "2.5"}}));
  CHECK(f.cycles({daily()}, 1)[0].end == cycle_end::nothing_yet);
  CHECK(f.kafka.records.empty());
  CHECK(f.from.asked()[0].window == time_window{at("2026-11-22T00:00:00"), at("2026-11-24T00:00:00")});
  f.set_now("2026-11-23T23:31:00");
  f.from.answer(days_body({{"22", "23.5"}}));
  CHECK(f.cycles({daily()}, 1)[0].end == cycle_end::nothing_yet);
  f.set_now("2026-11-24T02:31:00");
  f.from.answer(days_body({{"22", "24"}, {"23", "2.5"}}));
  CHECK(f.cycles({daily()}, 1)[0].end == cycle_end::published);
  REQUIRE(f.kafka.records.size() == 1);
  CHECK(says(f.kafka.records[0].second, R"("energy":24)"));
  CHECK(says(f.kafka.records[0].second, R"("revision":0)"));
  CHECK(f.kafka.state.members.at(energy).position == at("2026-11-23T00:00:00"));
}

TEST_CASE("where data flow a day is published with the first poll after its end, and the open one is not") {
  poll_fixture f("2026-11-23T00:31:00");
  f.from.answer(days_body({{"22", "24"}, {"23", "0.5"}}));
  CHECK(f.cycles({daily()}, 2)[0].end == cycle_end::published);
  CHECK(f.kafka.records.size() == 1);
  CHECK(f.from.asked().size() == 1);  // the second cycle had nothing to ask for
  CHECK(f.kafka.state.members.at(energy).position == at("2026-11-23T00:00:00"));
}

TEST_CASE("a row of a wide day waits for its columns until the day has been over for an hour") {
  CHECK(waits_behind(at("2026-11-23T00:59:00"), std::chrono::hours(1), interval_size::d1) < at("2026-11-22T00:00:00"));
  CHECK(waits_behind(at("2026-11-23T01:00:00"), std::chrono::hours(1), interval_size::d1) >= at("2026-11-22T00:00:00"));
  CHECK(waits_behind(at("2026-11-23T01:00:00"), std::chrono::hours(1), interval_size::d1) < at("2026-11-23T00:00:00"));
}
