// What is told of a stream with several metrics.
#include <doctest/doctest.h>

#include "telemetry/stream_summary.hpp"

using namespace oes;
using namespace std::chrono_literals;

namespace {

member_status& add(daemon_status& status, const std::string& metric) {
  auto& member = status.members[{"nem", metric}];
  member.stream = "nem";
  member.metric = metric;
  return member;
}

}  // namespace

TEST_CASE("a metric that has nothing published yet, in whatever place, is not the slowest one") {
  daemon_status status;
  status.now = utc_time(10h);
  add(status, "a");
  add(status, "b").newest_at = utc_time(2h);
  add(status, "c");
  add(status, "d").newest_at = utc_time(1h);
  add(status, "e");
  const auto found = summaries(status);
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].slowest != nullptr);
  CHECK(found[0].slowest->metric == "d");
  status.members.erase({"nem", "b"});
  status.members.erase({"nem", "d"});
  CHECK(summaries(status)[0].slowest == nullptr);
}
