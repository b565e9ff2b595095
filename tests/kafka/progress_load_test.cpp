// guarantee.md §3 on a real broker: the end of the progress topic is found, whatever stands there.
#include <doctest/doctest.h>

#include <algorithm>

#include "kafka/progress_support.hpp"
#include "progress/member_records.hpp"
#include "progress/progress_changes.hpp"
#include "progress/progress_codec.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;
using namespace oes::kafka_test;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr auto patience = seconds(20);

progress_state state_at(std::int64_t sequence) {
  auto s = samples::state();
  s.sequence = sequence;
  s.members[{"nem", "power"}].position += sequence * std::chrono::minutes(5);
  return s;
}

// One transaction's records that take an empty topic to `s`.
std::vector<progress_message> first(const progress_state& s) {
  auto out = encode_changes({}, s);
  out.insert(out.begin(), encode_begin(s.sequence, s.claim_owner));
  out.insert(out.begin() + 1, encode_claim(s.claim_owner, "host", s.generation, s.sequence, s.last_version));
  return out;
}

std::vector<progress_message> next(const progress_state& before, const progress_state& after) {
  auto out = encode_changes(before, after);
  out.insert(out.begin(), encode_begin(after.sequence, after.claim_owner));
  return out;
}

progress_snapshot found(const loaded& answer) {
  REQUIRE_MESSAGE(answer.has_value(), answer.error().context);
  REQUIRE(answer->has_value());
  return (*answer)->snapshot;
}

bool is_nothing(const loaded& answer) {
  REQUIRE_MESSAGE(answer.has_value(), answer.error().context);
  return !answer->has_value();
}

errc failure_of(const loaded& answer, std::string& context) {
  REQUIRE(answer.has_error());
  context = answer.error().context;
  return answer.error().code;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a topic that is not there, or holds nothing, is no progress") {
  CHECK(is_nothing(load(settings_for("openelectricity.progress.never-made"))));
  CHECK(is_nothing(load(settings_for(make_topic()))));
}

TEST_CASE("what was committed is read back, with its place") {
  const auto topic = make_topic();
  producer p(topic, topic);
  p.commit(first(state_at(1)));              // offsets 0–5, marker 6
  p.commit(next(state_at(1), state_at(2)));  // 7, 8, marker 9
  const auto snapshot = found(load(settings_for(topic)));
  CHECK(snapshot.state == state_at(2));
  CHECK(snapshot.place.topic == topic);
  CHECK(snapshot.place.offset == 8);
  CHECK(!snapshot.place.cluster_id.empty());
  CHECK(hash_of(snapshot.state) == hash_of(state_at(2)));
}

TEST_CASE("an aborted transaction at the end counts for offsets only") {
  const auto topic = make_topic();
  producer p(topic, topic);
  p.begin();
  p.put(encode_begin(1, "i"));
  p.flush();
  p.abort();
  CHECK(is_nothing(load(settings_for(topic))));
  p.commit(first(state_at(1)));
  p.begin();
  for (const auto& r : next(state_at(1), state_at(9))) p.put(r);
  p.flush();
  p.abort();
  CHECK(found(load(settings_for(topic))).state == state_at(1));
}

TEST_CASE("a predecessor's open transaction is waited for until the successor's init settles it") {
  const auto topic = make_topic();
  producer dead(topic, topic);
  dead.commit(first(state_at(1)));
  dead.begin();
  for (const auto& r : next(state_at(1), state_at(2))) dead.put(r);
  dead.flush();
  bench b(settings_for(topic));
  auto early = b.start_load();
  CHECK(early.wait_for(milliseconds(400)) == std::future_status::timeout);
  producer successor(topic, topic);
  CHECK(found(load(settings_for(topic))).state == state_at(1));
  REQUIRE(early.wait_for(patience) == std::future_status::ready);
  CHECK(found(early.get()).state == state_at(1));
}

TEST_CASE("a foreign open transaction in front of our own commit is waited for: ours is behind it") {
  const auto topic = make_topic();
  producer p(topic, topic);
  p.commit(first(state_at(1)));
  producer foreign(topic + "-foreign", topic);
  foreign.begin();
  foreign.put({"ledger|foreign", std::string("\x01x")});
  foreign.flush();
  p.commit(next(state_at(1), state_at(2)));
  bench b(settings_for(topic));
  auto waiting = b.start_load();
  CHECK(waiting.wait_for(milliseconds(700)) == std::future_status::timeout);
  foreign.abort();
  REQUIRE(waiting.wait_for(patience) == std::future_status::ready);
  CHECK(found(waiting.get()).state == state_at(2));
}

TEST_CASE("an undecided transaction that outlives the deadline: partition and offsets are named") {
  const auto topic = make_topic();
  producer p(topic, topic);
  p.commit(first(state_at(1)));
  p.begin();
  p.put(encode_begin(2, "i"));
  p.flush();
  auto settings = settings_for(topic);
  settings.transaction_timeout = seconds(-7);  // 2 × this + 15 s: one second
  std::string why;
  CHECK(failure_of(load(settings), why) == errc::kafka_unavailable);
  CHECK(has(why, topic + " partition 0"));
  CHECK(has(why, "reached offset 7 of 8"));
  CHECK(has(why, "undecided transaction"));
  p.abort();
}

TEST_CASE("without read_committed, as with the mock broker, an open transaction holds nothing back") {
  const auto topic = make_topic();
  producer p(topic, topic);
  p.commit(first(state_at(1)));
  p.begin();
  for (const auto& r : next(state_at(1), state_at(2))) p.put(r);
  p.flush();
  auto settings = settings_for(topic);
  settings.level = isolation_level::read_uncommitted;
  CHECK(found(load(settings)).state == state_at(2));
  p.abort();
}

TEST_CASE("a tombstone forgets its member, and counts as the newest record") {
  const auto topic = make_topic();
  producer p(topic, topic);
  p.commit(first(state_at(1)));
  auto records = forget_member({"nem", "power"}, samples::nem_power());
  records.insert(records.begin(), encode_begin(2, "i"));
  p.commit(records);
  const auto snapshot = found(load(settings_for(topic)));
  CHECK(snapshot.state.members.size() == 1);
  CHECK(snapshot.state.sequence == 2);
  CHECK(snapshot.place.offset == 9);
}

TEST_CASE("a falling sequence and an unreadable record are refused at their offset") {
  const auto topic = make_topic();
  producer p(topic, topic);
  p.commit(first(state_at(5)));
  p.commit({encode_begin(4, "zombie")});
  std::string why;
  CHECK(failure_of(load(settings_for(topic)), why) == errc::damaged);
  CHECK(has(why, "offset 7"));
  CHECK(has(why, "from 5 to 4"));
  const auto other = make_topic();
  producer q(other, other);
  q.commit({{"progress|nem|power", "{\"v\":1,"}});
  CHECK(failure_of(load(settings_for(other)), why) == errc::damaged);
  CHECK(has(why, "offset 0"));
}

TEST_CASE("a stop ends a load at once") {
  const auto topic = make_topic();
  producer p(topic, topic);
  p.begin();
  p.put(encode_begin(1, "i"));
  p.flush();
  bench b(settings_for(topic));
  auto waiting = b.start_load();
  CHECK(waiting.wait_for(milliseconds(300)) == std::future_status::timeout);
  b.stop();
  REQUIRE(waiting.wait_for(seconds(1)) == std::future_status::ready);
  std::string why;
  CHECK(failure_of(waiting.get(), why) == errc::stopped);
  p.abort();
}

TEST_CASE("no broker: unavailable by the deadline, and a stop need not wait for it") {
  progress_settings settings;
  settings.bootstrap_servers = "127.0.0.1:1";
  settings.topic = "openelectricity.progress.x";
  settings.transaction_timeout = seconds(-7);
  std::string why;
  CHECK(failure_of(load(settings), why) == errc::kafka_unavailable);
  CHECK(has(why, "its end is not known"));
  CHECK(has(why, "127.0.0.1:1"));
  CHECK(has(why, "Connection refused"));
  settings.transaction_timeout = seconds(30);
  bench b(settings);
  auto waiting = b.start_load();
  CHECK(waiting.wait_for(milliseconds(100)) == std::future_status::timeout);
  b.stop();
  CHECK(waiting.wait_for(seconds(1)) == std::future_status::ready);
}

TEST_CASE("a property that librdkafka does not know is refused") {
  auto settings = settings_for("openelectricity.progress.x");
  settings.properties = {{"no.such.property", "1"}};
  std::string why;
  CHECK(failure_of(load(settings), why) == errc::kafka_refused);
  CHECK(has(why, "no.such.property"));
}

TEST_CASE("reading takes a moment, not fetch waits") {
  const auto topic = make_topic();
  producer p(topic, topic);
  auto before = state_at(1);
  p.commit(first(before));
  for (std::int64_t sequence = 2; sequence <= 50; ++sequence) {
    const auto after = state_at(sequence);
    p.commit(next(before, after));
    before = after;
  }
  bench b(settings_for(topic));
  std::vector<long> took;
  for (int i = 0; i < 9; ++i) {
    const auto start = steady_clock::now();
    auto answer = b.start_load();
    CHECK(found(answer.get()).state == before);
    took.push_back(std::chrono::duration_cast<milliseconds>(steady_clock::now() - start).count());
  }
  std::sort(took.begin(), took.end());
  MESSAGE("load of 50 transactions: median " << took[4] << " ms, slowest " << took.back() << " ms");
  CHECK(took[4] < 500);
}
