// Kafka against what this process last committed: each way in which it can turn out to be another.
#include "commit/comparison.hpp"

#include <doctest/doctest.h>

#include "progress/reconcile.hpp"

using namespace oes;

namespace {

progress_snapshot known_at(std::int64_t sequence, const std::string& chain) {
  progress_snapshot out;
  out.state.sequence = sequence;
  out.state.last_version = sequence * 100;
  out.state.generation = 1;
  out.state.claim_owner = "me";
  out.state.chain = chain;
  out.state.written = {{"power", {{0, 40}, {1, 50}}}};
  out.place = {"cluster-a", "openelectricity.progress.d", sequence * 10};
  return out;
}

kafka_view kafka_with(const progress_snapshot& there) {
  kafka_view out;
  out.reading.found = stored_progress{there, {}};
  out.reading.end = there.place.offset + 2;
  out.reading.cluster_id = there.place.cluster_id;
  out.reading.chains[there.state.sequence] = there.state.chain;
  out.ends = {{"power", {{0, 42}, {1, 52}}}};
  return out;
}

bool refuses(const kafka_view& seen, const progress_snapshot& held, const std::string& saying) {
  const auto verdict = compare(seen, held);
  if (verdict) return false;
  INFO(verdict.error().context);
  CHECK(verdict.error().context.find(saying) != std::string::npos);
  return verdict.error().code == errc::refused;
}

}  // namespace

TEST_CASE("Kafka that holds what this process has committed, or more of the same history, is believed") {
  CHECK(compare(kafka_with(known_at(5, "aa")), known_at(5, "aa")).has_value());
  auto ahead = kafka_with(known_at(7, "cc"));
  ahead.reading.chains[5] = "aa";
  CHECK(compare(ahead, known_at(5, "aa")).has_value());
  CHECK(compare(kafka_with(known_at(7, "cc")), known_at(5, "aa")).has_value());  // compaction took what led there
  CHECK(compare({}, progress_snapshot{}).has_value());                           // nothing yet on either side
}

TEST_CASE("B1 a progress topic that was put back to an older copy is refused, with what each way out costs") {
  CHECK(refuses(kafka_with(known_at(4, "zz")), known_at(5, "aa"), "is ahead of Kafka"));
  CHECK(refuses(kafka_with(known_at(4, "zz")), known_at(5, "aa"), "`progress reset --trust file --reason TEXT`"));
  CHECK(refuses(kafka_with(known_at(4, "zz")), known_at(5, "aa"), "what this process last committed"));
}

TEST_CASE("B1 put back, and another instance has gone on from there: another history leads to the same sequence") {
  CHECK(refuses(kafka_with(known_at(5, "bb")), known_at(5, "aa"), "differ at the same sequence"));
  auto ahead = kafka_with(known_at(7, "cc"));
  ahead.reading.chains[5] = "bb";
  CHECK(refuses(ahead, known_at(5, "aa"), "is not in Kafka's history"));
  auto falls = kafka_with(known_at(7, "cc"));
  falls.reading.found->snapshot.place.offset = 45;
  CHECK(refuses(falls, known_at(5, "aa"), "the sequence falls"));
}

TEST_CASE("B2 an end below a remembered offset is refused, of progress and of a data partition") {
  auto cut = kafka_with(known_at(5, "aa"));
  cut.reading.end = 50;
  CHECK(refuses(cut, known_at(5, "aa"), "ends at offset 50"));

  auto data = kafka_with(known_at(5, "aa"));
  data.ends["power"][1] = 50;
  CHECK(refuses(data, known_at(5, "aa"), "topic power, partition 1 ends at offset 50"));
  data.ends["power"].erase(1);  // does not answer just now
  CHECK(compare(data, known_at(5, "aa")).has_value());
}

TEST_CASE("B2 what Kafka's own records say of the data topics is compared as well") {
  auto held = known_at(5, "aa");
  held.state.written.clear();
  auto data = kafka_with(known_at(5, "aa"));
  data.ends["power"][0] = 3;
  CHECK(refuses(data, held, "topic power, partition 0 ends at offset 3"));
}

TEST_CASE("B3 another cluster at the same address is refused, naming both") {
  auto other = kafka_with(known_at(5, "aa"));
  other.reading.cluster_id = "cluster-b";
  CHECK(refuses(other, known_at(5, "aa"), "cluster-b"));
  kafka_view empty;
  empty.reading.cluster_id = "cluster-b";
  CHECK(refuses(empty, known_at(5, "aa"), "`progress adopt --reason TEXT`"));
}

TEST_CASE("B4 a progress topic that was deleted is refused, offering the file") {
  kafka_view gone;
  gone.reading.cluster_id = "cluster-a";
  gone.reading.end = 0;
  CHECK(refuses(gone, known_at(5, "aa"), "Kafka holds none"));
  CHECK(refuses(gone, known_at(5, "aa"), "`progress reset --trust file --reason TEXT`"));
}

TEST_CASE("an operator's break yields to no memory that is older, and does not excuse what was lost after it") {
  auto reset = kafka_with(known_at(3, "zz"));
  reset.reading.broken_at = 501;
  CHECK(compare(reset, known_at(5, "aa")).has_value());
  reset.reading.cluster_id = "cluster-b";
  CHECK(compare(reset, known_at(5, "aa")).has_value());
  CHECK(refuses(reset, known_at(6, "aa"), "cluster-b"));  // this memory is of after the break
}
