#include "operate/trust.hpp"

#include <doctest/doctest.h>

#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

const member_key trusted_power{"nem", "power"};

progress_snapshot older(std::int64_t sequence) {
  auto s = samples::snapshot();
  s.state.sequence = sequence;
  s.state.last_version -= 100;
  s.state.members[trusted_power].position = samples::local("2026-11-23T09:00:00");
  s.state.members[trusted_power].labels.forget({samples::local("2026-11-23T09:00:00"), network_time::max()});
  return s;
}

reconcile_input ahead() {
  reconcile_input in;
  in.kafka = older(11);
  in.file.snapshot = samples::snapshot();
  in.cluster_id = "cluster-1";
  return in;
}

bool tells(const progress_edit& plan, const std::string& part) {
  for (const auto& line : plan.says) {
    if (line.find(part) != std::string::npos) return true;
  }
  return false;
}

ledger_book kafkas_ledger() {
  ledger_book book;
  for (const auto* stream : {"nem", "gone"}) {
    auto& image = book[{stream, "power"}];
    image.dictionary[0] = {{"region", "NSW1"}};
    image.rows[samples::local("2026-11-23T08:55:00")] = {{7, 0, 2}};
  }
  return book;
}

// Everything but where the ledger begins: the file does not have it.
member_map without_ledger(member_map members) {
  members[trusted_power].ledger_from = members[trusted_power].position;
  return members;
}

const auto lost_hour = "2026-11-23T09:00:00+10:00 … 2026-11-23T10:05:00+10:00";

}  // namespace

TEST_CASE("trusting Kafka keeps its members, but hands out neither sequence nor version a second time") {
  const auto plan = trust_side(ahead(), kafkas_ledger(), trusted_side::kafka).value();
  CHECK(plan.after.state.members == older(11).state.members);
  CHECK(plan.after.ledger == kafkas_ledger());
  CHECK(plan.before.state.sequence == 12);
  CHECK(plan.after.state.last_version == samples::state().last_version);
  CHECK(plan.must_confirm);
  CHECK(tells(plan, lost_hour));
}

TEST_CASE("trusting the file writes its members over Kafka's, and names what may be missing for good") {
  const auto plan = trust_side(ahead(), kafkas_ledger(), trusted_side::file).value();
  CHECK(plan.before.state.members == older(11).state.members);
  CHECK(plan.after.state.members == without_ledger(samples::state().members));
  CHECK(plan.after.ledger.size() == 1);
  CHECK(plan.after.ledger.at(trusted_power).rows.empty());
  CHECK(plan.after.ledger.at(trusted_power).dictionary.size() == 1);
  CHECK(tells(plan, "missing for good"));
  CHECK(tells(plan, lost_hour));
}

TEST_CASE("trusting the file forgets nothing of what was published of the list of facilities") {
  auto ledger = kafkas_ledger();
  const member_key list{"facilities list", "openelectricity.facilities"};
  ledger[list].dictionary = ledger.at(trusted_power).dictionary;
  CHECK(trust_side(ahead(), ledger, trusted_side::file).value().after.ledger.contains(list));
}

TEST_CASE("trusting Kafka where it holds nothing begins anew, with the file's versions") {
  auto in = ahead();
  in.kafka.reset();
  const auto plan = trust_side(in, kafkas_ledger(), trusted_side::kafka).value();
  CHECK(plan.after.state.members.empty());
  CHECK(plan.after.state.sequence == 12);
  CHECK(plan.after.state.last_version == samples::state().last_version);
  CHECK(tells(plan, "begins anew"));
}

TEST_CASE("a side that holds nothing cannot be trusted") {
  auto in = ahead();
  in.file.snapshot.reset();
  in.file.damage = "progress.json is empty";
  CHECK(trust_side(in, kafkas_ledger(), trusted_side::file).error().context.find("progress.json is empty") !=
        std::string::npos);
  in.kafka.reset();
  CHECK(trust_side(in, kafkas_ledger(), trusted_side::kafka).error().code == errc::refused);
}

TEST_CASE("D1: trusting a file without all of its months is refused, naming them; Kafka's side can be taken") {
  auto in = ahead();
  in.file.missing_months = "months/nem.power.2026-10.json is missing";
  const auto refused = trust_side(in, kafkas_ledger(), trusted_side::file);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::refused);
  CHECK(refused.error().context.find("months/nem.power.2026-10.json is missing") != std::string::npos);
  CHECK(trust_side(in, kafkas_ledger(), trusted_side::kafka).has_value());
}

TEST_CASE("D1: a copy without progress is not adopted by a file without all of its months") {
  auto in = ahead();
  in.cluster_id = "cluster-2";
  in.file.missing_months = "months/nem.power.2026-10.json is missing";
  CHECK(adopt_cluster(in, kafkas_ledger()).has_value());
  in.kafka.reset();
  const auto refused = adopt_cluster(in, kafkas_ledger());
  REQUIRE(refused.has_error());
  CHECK(refused.error().context.find("months/nem.power.2026-10.json is missing") != std::string::npos);
}

TEST_CASE("adopt takes Kafka's progress where the copy has some, else the file's") {
  auto in = ahead();
  in.cluster_id = "cluster-2";
  CHECK(adopt_cluster(in, kafkas_ledger()).value().after.state.members == older(11).state.members);
  in.kafka.reset();
  const auto plan = adopt_cluster(in, kafkas_ledger()).value();
  for (const auto& [key, member] : samples::state().members) {
    CHECK(plan.after.state.members.at(key).labels.covered() == member.labels.covered());
    CHECK(plan.after.state.members.at(key).ledger_from == member.position);
  }
  CHECK(tells(plan, "cluster-1 is taken over for cluster cluster-2"));
}

TEST_CASE("adopt is refused on the cluster that the file names, or without a file") {
  CHECK(adopt_cluster(ahead(), kafkas_ledger()).error().context.find("nothing to adopt") != std::string::npos);
  auto in = ahead();
  in.file.snapshot.reset();
  CHECK(adopt_cluster(in, kafkas_ledger()).has_error());
}

TEST_CASE("going on over lost records, the ends are those that are left, and one that is not told is forgotten") {
  const last_offsets written{{"a", {{0, 41}, {1, 7}, {2, 5}}}, {"b", {{0, 3}}}};
  const next_offsets there{{"a", {{0, 12}, {1, 0}}}};
  const last_offsets left{{"a", {{0, 11}}}, {"b", {}}};
  CHECK(ends_left(written, there, untold_end::forgotten) == left);
  const last_offsets kept{{"a", {{0, 11}, {2, 5}}}, {"b", {{0, 3}}}};
  CHECK(ends_left(written, there, untold_end::kept) == kept);
}
