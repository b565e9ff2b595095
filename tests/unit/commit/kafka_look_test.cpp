// What a look at Kafka comes to where the progress topic cannot be read to its end.
#include "commit/kafka_look.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/fake_kafka.hpp"
#include "support/run_on_loop.hpp"

using namespace oes;
using std::chrono::milliseconds;

namespace {

struct looking {
  looking() {
    known.state.sequence = 5;
    known.place = {"cluster-a", "progress", 50};
  }
  result<kafka_view> look() {
    boost::asio::io_context loop(1);
    test::fake_progress_store store(kafka);
    kafka_look eyes(store, {milliseconds(20), milliseconds(0)}, is_written,
                    [this](const error& why) { told.push_back(why.context); });
    return test::run_on_loop(loop, eyes.at(known));
  }
  test::fake_kafka kafka;
  progress_snapshot known;
  std::function<bool(const std::string&)> is_written = {};
  std::vector<std::string> told = {};
};

bool tells(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE(
    "B1 a progress topic that ends below what is known and cannot be read to its end is refused, not waited for") {
  looking it;
  it.kafka.loads_that_fail = 1'000'000;
  it.kafka.ends = {{"progress", {{0, 50}}}};
  const auto seen = it.look();
  REQUIRE_FALSE(seen.has_value());
  CHECK(seen.error().code == errc::refused);
  CHECK(tells(seen.error().context, "ends at offset 50, though a record was committed at 50"));
  CHECK(tells(seen.error().context, "cannot be read to its end: no broker"));
  CHECK(tells(seen.error().context, "progress reset --trust file --reason TEXT"));
}

TEST_CASE("a topic that nothing is written to any more is not compared: it may have been made again") {
  looking it;
  it.kafka.state.sequence = 5;
  it.kafka.end = 51;
  it.known.state.written = {{"old", {{0, 100}}}};
  it.kafka.ends = {{"old", {{0, 0}}}};
  CHECK(it.look().has_value());
  CHECK_FALSE(it.told.empty());  // less than was written
  it.told.clear();
  it.is_written = [](const std::string& topic) { return topic != "old"; };
  CHECK(it.look().has_value());
  CHECK(it.told.empty());
}

TEST_CASE(
    "a progress topic that cannot be read is waited for while it ends behind what is known, or nobody tells where") {
  for (const auto& ends : {last_offsets{{"progress", {{0, 51}}}}, last_offsets{}}) {
    looking it;
    it.kafka.loads_that_fail = 3;
    it.kafka.ends = ends;
    it.kafka.state.sequence = 5;
    it.kafka.end = 51;
    CHECK(it.look().has_value());
    CHECK(it.told.size() >= 3);
  }
}
