// A topic that Kafka refuses: its stream is set apart, the others go on, nothing is lost and nothing comes twice.
#include <doctest/doctest.h>

#include "pipeline/apart_members.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const member_key good{"nem", "power"};
const member_key bad{"other", "energy"};

// Both travel in one request: only their topics differ.
std::vector<stream_spec> two_streams() {
  auto other = nem_stream({"energy"});
  other.name = "other";
  other.topic = "refused.topic";
  return {nem_stream(), other};
}

std::string both_metrics(const std::vector<std::pair<std::string, std::string>>& points) {
  const auto one = answer_body("power", points);
  const auto two = answer_body("energy", points);
  const std::string head = R"("data":[)";
  const auto begin = two.find(head) + head.size();
  const auto block = two.substr(begin, two.rfind("]}") - begin);
  return one.substr(0, one.rfind("]}")) + "," + block + "]}";
}

std::size_t records_of(const fake_kafka& kafka, const std::string& metric) {
  std::size_t count = 0;
  for (const auto& [key, value] : kafka.records)
    count += value.find("\"metric\":\"" + metric + "\"") != std::string::npos;
  return count;
}

}  // namespace

TEST_CASE("E2: one stream's topic is refused: it is set apart, and the stream that shares its request goes on") {
  poll_fixture f;
  f.board.role = "leading";
  f.kafka.refused = {"refused.topic"};
  f.from.answer(both_metrics({{"10:00", "1"}, {"10:05", "2"}}));
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  const auto outcomes = f.cycles(two_streams(), 2);
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[0].end == cycle_end::failed);
  CHECK(outcomes[0].why.topic == "refused.topic");
  CHECK(f.from.asked().back().metrics == std::vector<std::string>{"power"});
  CHECK(records_of(f.kafka, "power") == 2);
  CHECK(records_of(f.kafka, "energy") == 0);
  CHECK(f.kafka.state.members.at(bad).position == at("2026-11-23T10:00:00"));
  CHECK(f.kafka.state.members.at(good).position > f.kafka.state.members.at(bad).position);
  CHECK(f.board.members.at(bad).state == stream_state::set_apart);
  CHECK(f.board.members.at(bad).last_error == "topic refused.topic refuses records");
  CHECK(f.board.members.at(good).state != stream_state::set_apart);
}

TEST_CASE("E2: when the topic takes records again nothing was lost and nothing comes twice") {
  poll_fixture f;
  f.kafka.refused = {"refused.topic"};
  f.from.answer(both_metrics({{"10:00", "1"}, {"10:05", "2"}}));
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.cycles(two_streams(), 2);
  f.kafka.refused.clear();
  f.from.answer(both_metrics({{"10:00", "1"}, {"10:05", "2"}}));
  f.from.answer(both_metrics({{"10:00", "1"}, {"10:05", "2"}}));
  f.cycles(two_streams(), 2);
  CHECK(records_of(f.kafka, "power") == 2);
  CHECK(records_of(f.kafka, "energy") == 2);
}

TEST_CASE("E2: with every member set apart no credit is spent") {
  poll_fixture f;
  auto stream = nem_stream();
  stream.topic = "refused.topic";
  f.kafka.refused = {"refused.topic"};
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  const auto outcomes = f.cycles({stream}, 3);
  CHECK(outcomes[1].end == cycle_end::idle);
  CHECK(outcomes[2].end == cycle_end::idle);
  CHECK(f.from.asked().size() == 1);
}

namespace {

struct rehearsed {
  bool refused_is_back = true;
  bool due_again_at_once = true;
  bool taken_is_back = false;
  std::set<std::size_t> apart_at_last;
};

struct refusal_that_ends {
  std::vector<stream_spec> streams;
  std::string apart_as;  ///< under which the committer's list of refusals has it
  std::function<void()> is_mended;
};

boost::asio::awaitable<rehearsed> rehearse_twice(poll_fixture& f, walk_parts& w, const refusal_that_ends& refusal) {
  task_group background(f.loop.get_executor(), no_failure_expected());
  const auto group = make_groups(refusal.streams).front();
  auto members = new_members({group}, {f.kafka.state.members, f.kafka.ledger, w.by.clock.now(),
                                       w.by.budget.credits.certain_history(w.by.limits), std::nullopt});
  const auto claimed = co_await w.write.committer.claim(std::move(members));
  CHECK(claimed.has_value());
  background.start("committer", w.write.committer.run());
  auto state = open_group(group, {f.kafka.state.members, f.kafka.ledger, w.by.clock.now(),
                                  w.by.budget.credits.certain_history(w.by.limits), std::nullopt});
  poll_loop polling(group, std::move(*state), w.by, w.read, w.write);
  auto cycle = polling.cycle(turn::live);
  const auto outcome = co_await std::move(cycle);
  CHECK(outcome.why.code == errc::kafka_refused);
  auto stands = polling.state();
  rehearsed seen;
  const auto long_ago = w.by.clock.run() - std::chrono::hours(1);
  w.write.committer.apart().refused(refusal.apart_as, "no right", long_ago);
  auto first = rehearse(group, stands, w.write);
  seen.refused_is_back = co_await std::move(first);
  seen.due_again_at_once = next_rehearsal(group, w.write.committer) <= w.by.clock.run();
  refusal.is_mended();
  w.write.committer.apart().refused(refusal.apart_as, "no right", long_ago);
  auto second = rehearse(group, stands, w.write);
  seen.taken_is_back = co_await std::move(second);
  seen.apart_at_last = stands.apart;
  w.write.committer.close();
  co_await background.join();
  co_return seen;
}

}  // namespace

TEST_CASE("E2: recovery is tried with Kafka, before a credit is spent, and later each time") {
  poll_fixture f;
  f.kafka.refused = {"refused.topic"};
  f.from.answer(both_metrics({{"10:00", "1"}, {"10:05", "2"}}));
  const refusal_that_ends refusal{two_streams(), "refused.topic", [&] { f.kafka.refused.clear(); }};
  const auto seen = f.in_term<rehearsed>([&](walk_parts& w) { return rehearse_twice(f, w, refusal); });
  CHECK_FALSE(seen.refused_is_back);
  CHECK_FALSE(seen.due_again_at_once);
  CHECK(seen.taken_is_back);
  CHECK(seen.apart_at_last.empty());
  CHECK(f.kafka.rehearsals == std::vector<std::size_t>{2, 2});  // with what was refused: a small record may pass alone
  CHECK(records_of(f.kafka, "energy") == 0);
  CHECK(f.from.asked().size() == 1);
}

TEST_CASE("E2: what the progress topic refuses of a group sets that group apart, whatever its topic") {
  poll_fixture f;
  f.board.role = "leading";
  f.kafka.too_large = "ledger";
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  auto outcomes = f.cycles({nem_stream()}, 3);
  REQUIRE(outcomes.size() == 3);
  CHECK(outcomes[0].why.code == errc::kafka_refused);
  CHECK(outcomes[0].why.topic == "progress");
  CHECK(outcomes[1].end == cycle_end::idle);
  CHECK(f.from.asked().size() == 1);  // no credit is spent meanwhile
  CHECK(f.board.members.at(good).state == stream_state::set_apart);
  CHECK(f.board.members.at(good).last_error == "topic progress refuses records: too large");
  CHECK(f.kafka.records.empty());
  f.kafka.too_large.clear();
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  outcomes = f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.records.size() == 2);
}

TEST_CASE("E2: recovery of a refused progress topic is tried with what it has refused, before a credit is spent") {
  poll_fixture f;
  f.kafka.too_large = "ledger";
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  const refusal_that_ends refusal{{nem_stream()},
                                  progress_of(work_of(make_groups({nem_stream()}).front(), {}).of),
                                  [&] { f.kafka.too_large.clear(); }};
  const auto seen = f.in_term<rehearsed>([&](walk_parts& w) { return rehearse_twice(f, w, refusal); });
  CHECK_FALSE(seen.refused_is_back);
  CHECK_FALSE(seen.due_again_at_once);
  CHECK(seen.taken_is_back);
  CHECK(seen.apart_at_last.empty());
  REQUIRE(f.kafka.rehearsals.size() == 2);
  CHECK(f.kafka.rehearsals[0] == f.kafka.rehearsals[1]);
  CHECK(f.kafka.rehearsals[0] > 1);  // begin, ledger, head: as it was sent
  CHECK(f.kafka.records.empty());
  CHECK(f.from.asked().size() == 1);
}
