#include "progress/reconcile.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

constexpr auto used_topic = "openelectricity.progress.test";

progress_snapshot file_at(std::int64_t sequence, std::int64_t offset) {
  auto s = samples::snapshot();
  s.state.sequence = sequence;
  s.place.offset = offset;
  return s;
}

// Connected to the cluster that the samples name, data topics in use.
reconcile_input input() {
  reconcile_input in;
  in.cluster_id = "cluster-1";
  in.topic = used_topic;
  return in;
}

reconcile_decision taken(const reconcile_input& in) {
  const auto out = reconcile(in);
  REQUIRE_MESSAGE(out.has_value(), out.error().context);
  return *out;
}

// A refusal is one line that names each of the parts.
void check_refused(const reconcile_input& in, const std::vector<std::string>& parts) {
  const auto out = reconcile(in);
  REQUIRE(out.has_error());
  CHECK(out.error().code == errc::refused);
  const auto& text = out.error().context;
  CHECK(text.find('\n') == std::string::npos);
  for (const auto& part : parts) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, "'" << part << "' is not in: " << text);
  }
}

bool says(const std::string& note, const std::string& part) { return note.find(part) != std::string::npos; }

const std::vector<std::string> trust_ways = {"progress reset --trust kafka", "progress reset --trust file"};

}  // namespace

TEST_CASE("both equal: go, with nothing to say and nothing to write") {
  auto in = input();
  in.kafka = file_at(12, 90);
  in.file.snapshot = file_at(12, 90);
  const auto out = taken(in);
  CHECK(out.start_from == *in.kafka);
  CHECK(!out.write_members);
  CHECK(out.note.empty());
}

TEST_CASE("B2 what the witness knows of the last transaction's data is not forgotten: Kafka's records are one behind") {
  for (const std::int64_t sequence : {12, 11}) {
    auto in = input();
    in.kafka = file_at(12, 90);
    in.file.snapshot = file_at(sequence, sequence == 12 ? 90 : 80);
    in.kafka->state.written = {{"data", {{0, 7}, {1, 9}}}};
    in.file.snapshot->state.written = {{"data", {{0, 41}}}, {"new", {{0, 3}}}};
    in.ends = {{"data", {{0, 42}, {1, 10}}}, {"new", {{0, 4}}}};
    const last_offsets both{{"data", {{0, 41}, {1, 9}}}, {"new", {{0, 3}}}};
    CHECK(taken(in).start_from.state.written == both);
  }
}

TEST_CASE("what the file knows is nothing against an operator's later change") {
  auto in = input();
  in.kafka = file_at(12, 90);
  in.kafka->state.written = {{"data", {{0, 7}}}};
  in.file.snapshot = file_at(11, 80);
  in.file.snapshot->state.written = {{"data", {{0, 41}}}};
  in.broken_at = in.file.snapshot->state.last_version + 1;
  in.ends = {{"data", {{0, 8}}}};
  CHECK(taken(in).start_from.state.written == in.kafka->state.written);
}

TEST_CASE("B1 where an instance that knew more has refused, none goes on until an operator has decided") {
  auto in = input();
  in.kafka = file_at(12, 90);
  in.kafka->state.refused = standing_refusal{5000, "host-a/1", "is ahead of Kafka"};
  check_refused(in, {"instance host-a/1", "is ahead of Kafka", "progress reset --trust kafka"});
  in.file.snapshot = file_at(11, 80);
  check_refused(in, {"instance host-a/1"});
  in.broken_at = 5001;
  CHECK(taken(in).start_from.state.sequence == 12);
}

TEST_CASE("equal states, but the file names another offset: the file is put right, silently") {
  auto in = input();
  in.kafka = file_at(12, 90);
  in.file.snapshot = file_at(12, -1);
  const auto out = taken(in);
  CHECK(out.note.empty());
}

TEST_CASE("killed after the commit, before the mirror: Kafka is ahead and holds") {
  auto in = input();
  in.kafka = file_at(13, 95);
  in.file.snapshot = file_at(12, 90);
  const auto out = taken(in);
  CHECK(out.start_from == *in.kafka);
  CHECK(says(out.note, "behind Kafka"));
  CHECK(says(out.note, "sequence 13 at offset 95"));
}

TEST_CASE("progress.json deleted: Kafka holds, and deleting resets nothing") {
  auto in = input();
  in.kafka = file_at(12, 90);
  const auto out = taken(in);
  CHECK(out.start_from == *in.kafka);
  CHECK(says(out.note, "resets nothing"));
}

TEST_CASE("progress.json torn and no .prev: Kafka holds, the damage is named") {
  auto in = input();
  in.kafka = file_at(12, 90);
  in.file.damage = "progress.json is empty";
  const auto out = taken(in);
  CHECK(says(out.note, "progress.json is empty"));
}

TEST_CASE("progress.json torn, .prev behind or equal: Kafka holds, the damage is named") {
  for (const auto sequence : {11, 12}) {
    auto in = input();
    in.kafka = file_at(12, 90);
    in.file.snapshot = file_at(sequence, 90);
    in.file.from_previous = true;
    in.file.damage = "progress.json is empty";
    const auto out = taken(in);
    CHECK(out.start_from == *in.kafka);
    CHECK(says(out.note, "progress.json is empty"));
  }
}

TEST_CASE("the file is ahead of Kafka: refused, with both sides and both ways out") {
  auto in = input();
  in.kafka = file_at(11, 80);
  in.file.snapshot = file_at(12, 90);
  check_refused(in, {"ahead of Kafka", "sequence 12 at offset 90", "sequence 11 at offset 80", "a second time"});
  check_refused(in, trust_ways);
}

TEST_CASE("even .prev is ahead of Kafka: refused") {
  auto in = input();
  in.kafka = file_at(11, 80);
  in.file.snapshot = file_at(12, 90);
  in.file.from_previous = true;
  in.file.damage = "progress.json is empty";
  check_refused(in, {"progress.json.prev is ahead"});
}

TEST_CASE("the progress topic was deleted, the file is intact: refused, also over empty data topics or `fresh`") {
  for (const bool empty : {false, true}) {
    for (const bool fresh : {false, true}) {
      auto in = input();
      in.file.snapshot = file_at(12, 90);
      in.data_topics_empty = empty;
      in.fresh_allowed = fresh;
      check_refused(in, {"Kafka holds none", "Kafka: no progress", "sequence 12"});
      check_refused(in, trust_ways);
    }
  }
}

TEST_CASE("another hash at the same sequence: refused") {
  auto in = input();
  in.kafka = file_at(12, 90);
  in.file.snapshot = file_at(12, 90);
  in.file.snapshot->state.members[{"nem", "power"}].position += std::chrono::minutes(5);
  check_refused(in, {"differ at the same sequence", "hash"});
  check_refused(in, trust_ways);
}

TEST_CASE("the sequence falls while offsets rise: refused as a broken invariant") {
  auto in = input();
  in.kafka = file_at(13, 20);
  in.file.snapshot = file_at(12, 90);
  check_refused(in, {"broken invariant", "sequence falls while offsets rise"});
  check_refused(in, trust_ways);
}

TEST_CASE("another cluster: refused, whatever Kafka holds there") {
  for (const std::int64_t sequence : {0, 11, 12, 13}) {
    auto in = input();
    in.cluster_id = "cluster-2";
    if (sequence > 0) {
      in.kafka = file_at(sequence, 90);
      in.kafka->place.cluster_id = "cluster-2";
    }
    in.file.snapshot = file_at(12, 90);
    in.data_topics_empty = true;
    check_refused(
        in, {"another cluster", "cluster-1", "cluster-2", "progress adopt", "progress export", "progress import"});
  }
}

TEST_CASE("a cluster that tells no id is not taken for another") {
  auto in = input();
  in.cluster_id = "";
  in.kafka = file_at(12, 90);
  in.kafka->place.cluster_id = "";
  in.file.snapshot = file_at(12, 90);
}

TEST_CASE("a file copied from another deployment: refused, even where Kafka is ahead of it") {
  auto in = input();
  in.kafka = file_at(13, 95);
  in.file.snapshot = file_at(12, 90);
  in.file.snapshot->place.topic = "openelectricity.progress.other";
  check_refused(in, {"another deployment", "openelectricity.progress.other", used_topic});
  check_refused(in, trust_ways);
}

TEST_CASE("the replaced source's file and nothing in Kafka: its time, one day early") {
  for (const bool empty : {false, true}) {
    auto in = input();
    in.file.replaced_source_start = samples::local("2024-01-15T10:30:00");
    in.data_topics_empty = empty;
    const auto out = taken(in);
    CHECK(out.start_override == samples::local("2024-01-14T10:30:00"));
    CHECK(out.start_from.state == progress_state{});
    CHECK(says(out.note, "2024-01-14T10:30:00"));
  }
}

TEST_CASE("the replaced source's file says a time in the future: one day before now, and why") {
  auto in = input();
  in.file.replaced_source_start = samples::local("2030-01-15T10:30:00");
  in.data_topics_empty = true;
  in.now = parse_utc("2026-11-28T00:02:30Z");
  auto out = taken(in);
  CHECK(out.start_override == samples::local("2026-11-27T10:02:30"));
  CHECK(says(out.note, "says 2030-01-15T10:30:00: streams begin at 2026-11-27T10:02:30, one day before now"));
  CHECK(says(out.note, "backfill"));
  in.file.replaced_source_start = samples::local("2026-11-28T10:02:30");
  CHECK(says(taken(in).note, "one day early"));
  // Where the claim was committed and its mirror was not, too.
  in.kafka = file_at(1, 0);
  in.kafka->state.members.clear();
  in.file.replaced_source_start = samples::local("2030-01-15T10:30:00");
  CHECK(taken(in).start_override == samples::local("2026-11-27T10:02:30"));
}

TEST_CASE("killed between the first claim and its mirror: the replaced source's time still counts") {
  auto in = input();
  in.kafka = file_at(1, 0);
  in.kafka->state.members.clear();
  in.file.replaced_source_start = samples::local("2024-01-15T10:30:00");
  CHECK(taken(in).start_override == samples::local("2024-01-14T10:30:00"));
}

TEST_CASE("the replaced source's file put over running progress: Kafka holds") {
  auto in = input();
  in.kafka = file_at(12, 90);
  in.file.replaced_source_start = samples::local("2024-01-15T10:30:00");
  const auto out = taken(in);
  CHECK(!out.start_override);
  CHECK(says(out.note, "old form"));
  in.file.snapshot = file_at(12, 90);  // ours, from .prev
  in.file.from_previous = true;
}

TEST_CASE("the replaced source's file put over progress that Kafka has lost: refused, .prev knows more") {
  auto in = input();
  in.file.replaced_source_start = samples::local("2024-01-15T10:30:00");
  in.file.snapshot = file_at(12, 90);
  in.file.from_previous = true;
  check_refused(in, {"progress.json.prev holds progress"});
}

TEST_CASE("a file of at_least_once and nothing in Kafka: its ranges become Kafka's first progress") {
  auto in = input();
  in.file.snapshot = file_at(12, 90);
  in.file.delivery = mirrored_delivery::at_least_once;
  const auto out = taken(in);
  auto expected = in.file.snapshot->state;
  // The ledger is lost with the topic: what was passed is not compared, so that it is not published again.
  for (auto& [key, member] : expected.members) member.ledger_from = member.position;
  CHECK(out.start_from.state == expected);
  CHECK(out.start_from.place.offset == -1);
  CHECK(out.write_members);
  CHECK(says(out.note, "at_least_once"));
}

TEST_CASE("a file of at_least_once is no excuse where Kafka holds less") {
  auto in = input();
  in.kafka = file_at(11, 80);
  in.file.snapshot = file_at(12, 90);
  in.file.delivery = mirrored_delivery::at_least_once;
  check_refused(in, {"ahead of Kafka"});
}

TEST_CASE("nothing anywhere and empty data topics: a fresh start") {
  auto in = input();
  in.data_topics_empty = true;
  const auto out = taken(in);
  CHECK(out.start_from.state == progress_state{});
  CHECK(out.start_from.place == progress_place{"cluster-1", used_topic, -1});
  CHECK(!out.start_override);
  CHECK(out.note.empty());
}

TEST_CASE("nothing anywhere, but the data topics hold records: refused, naming the one-shot") {
  check_refused(input(), {"file: none", "Kafka: no progress", "progress fresh", "published again"});
}

TEST_CASE("the operator's one-shot begins anew over data") {
  auto in = input();
  in.fresh_allowed = true;
  const auto out = taken(in);
  CHECK(out.start_from.state == progress_state{});
  CHECK(out.by_permit);
  CHECK(says(out.note, "progress fresh"));
}

TEST_CASE("a left-over one-shot changes nothing where there is progress") {
  auto in = input();
  in.fresh_allowed = true;
  in.kafka = file_at(12, 90);
  CHECK(taken(in).start_from == *in.kafka);
  CHECK(!taken(in).by_permit);
}

TEST_CASE("the file is unreadable and Kafka holds nothing: refused, not guessed at, unless told to begin anew") {
  for (const bool empty : {false, true}) {
    for (const bool old_form_before : {false, true}) {
      auto in = input();
      in.data_topics_empty = empty;
      in.file.damage = "progress.json does not fit its sha256";
      in.file.from_previous = old_form_before;
      if (old_form_before) in.file.replaced_source_start = samples::local("2024-01-15T10:30:00");
      check_refused(in, {"does not fit its sha256", "Kafka: no progress", "progress fresh"});
      in.fresh_allowed = true;
      const auto out = taken(in);
      CHECK(!out.start_override);
      CHECK(says(out.note, "does not fit its sha256"));
    }
  }
}
