// What a refusal is looked at again for, and what not.
#include "progress/less_than_known.hpp"

#include <doctest/doctest.h>

#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

progress_snapshot look_at(std::int64_t sequence, std::int64_t offset) {
  auto out = samples::snapshot();
  out.state.sequence = sequence;
  out.state.written = {{"power", {{0, 40}, {1, 50}}}};
  out.place.offset = offset;
  return out;
}

reconcile_input both(std::int64_t kafka, std::int64_t file) {
  reconcile_input in;
  in.cluster_id = "cluster-1";
  in.topic = "openelectricity.progress.test";
  in.kafka = look_at(kafka, kafka * 10);
  in.file.snapshot = look_at(file, file * 10);
  in.end = kafka * 10 + 2;
  in.ends = {{"power", {{0, 41}, {1, 51}}}};
  return in;
}

bool says(const std::optional<std::string>& text, const std::string& part) {
  return text && text->find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("P3: a sequence, a progress topic or a data topic that falls short of what is known") {
  CHECK(says(less_than_known(both(4, 5)), "it tells of sequence 4, and 5 is committed"));
  auto empty = both(4, 5);
  empty.kafka.reset();
  CHECK(says(less_than_known(empty), "it tells of sequence 0"));
  auto progress = both(5, 5);
  progress.end = 50;
  CHECK(says(less_than_known(progress), "ends at offset 50, though a record was committed at 50"));
  auto data = both(5, 5);
  data.ends["power"][1] = 50;
  CHECK(says(less_than_known(data), "topic power, partition 1 ends at offset 50"));
  data.file.snapshot.reset();  // Kafka's own records know of it as well
  CHECK(says(less_than_known(data), "topic power, partition 1 ends at offset 50"));
}

TEST_CASE("P3: no progress on any side, though the data topics hold records or a file was there") {
  reconcile_input in;
  CHECK(less_than_known(in).has_value());
  in.data_topics_empty = true;
  CHECK_FALSE(less_than_known(in).has_value());
  in.file.damage = "progress.json does not fit its sha256";
  CHECK(less_than_known(in).has_value());
}

TEST_CASE("P3: another cluster, another deployment, another history: looking again shows nothing else") {
  CHECK_FALSE(less_than_known(both(5, 5)).has_value());
  CHECK_FALSE(less_than_known(both(7, 5)).has_value());
  auto other = both(4, 5);
  other.cluster_id = "cluster-2";
  CHECK_FALSE(less_than_known(other).has_value());
  other = both(4, 5);
  other.topic = "openelectricity.progress.other";
  CHECK_FALSE(less_than_known(other).has_value());
}
