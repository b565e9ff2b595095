// What release 1 left on a topic and in a file is read, and written anew in one transaction.
#include <doctest/doctest.h>

#include <algorithm>

#include "operate/export_document.hpp"
#include "progress/progress_changes.hpp"
#include "progress/progress_file_text.hpp"
#include "progress/progress_json.hpp"
#include "progress/sha256.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

// As release 1 wrote it, byte for byte.
constexpr const char* member_value =
    R"({"v":1,"sequence":12,"last_version":1795395600000123,)"
    R"("identity":"network|NEM|5m|network_region/fueltech||long","network":"NEM",)"
    R"("start":"2026-11-22T10:00:00+10:00","position":"2026-11-23T10:05:00+10:00",)"
    R"("ledger_from":"2026-11-22T11:00:00+10:00",)"
    R"("covered":[["2026-11-22T10:00:00+10:00","2026-11-22T12:00:00+10:00"],)"
    R"(["2026-11-22T13:00:00+10:00","2026-11-23T10:05:00+10:00"]],)"
    R"("gaps":[{"from":"2026-11-22T12:00:00+10:00","to":"2026-11-22T13:00:00+10:00","reason":"no_data",)"
    R"("found_at":"2026-11-23T00:11:12.345678Z"}]})";

const std::vector<progress_message> topic{
    {"claim",
     R"({"v":1,"sequence":11,"last_version":1795395600000000,"generation":3,"instance":"host-a/4711/ab12","host":"h"})"},
    {"begin", R"({"v":1,"sequence":12,"instance":"host-a/4711/ab12"})"},
    {"progress|nem|power", member_value}};

progress_state read(const std::vector<progress_message>& records, progress_state state = {}) {
  for (const auto& r : records) {
    const auto done = samples::fold(state, r.key, r.value);
    REQUIRE_MESSAGE(done.has_value(), done.error().context);
  }
  return state;
}

}  // namespace

TEST_CASE("D1: a topic of format 1 is read as it was meant") {
  const auto state = read(topic);
  auto meant = samples::nem_power();
  meant.topic = meant.record_key = "";  // which it does not say
  CHECK(state.members.at({"nem", "power"}) == meant);
  CHECK(state.sequence == 12);
  CHECK(state.last_version == 1795395600000123);
  CHECK(state.generation == 3);
  CHECK(state.chain.empty());
  CHECK(state.first_form == std::set<member_key>{{"nem", "power"}});
}

TEST_CASE("D1: the next claim writes it anew and leaves a tombstone; then nothing of format 1 is left") {
  const auto before = read(topic);
  auto after = before;
  after.sequence = 13;
  after.first_form.clear();
  const auto records = encode_changes(before, after);
  REQUIRE(records.size() == 3);
  CHECK(records[0].key == "progress|nem|power");
  CHECK(records[0].value.empty());
  CHECK(read(records, before) == after);
}

TEST_CASE("D1: what is forgotten in the very transaction that writes it anew stays forgotten") {
  const auto before = read(topic);
  auto after = before;
  after.sequence = 13;
  after.first_form.clear();
  after.members.clear();
  auto left = read(encode_changes(before, after), before);
  CHECK(left.members.empty());
  CHECK(left.first_form.empty());
}

TEST_CASE("D1: thousands of gaps of format 1 become a few small records") {
  auto state = read(topic);
  std::string covered;
  std::string gaps;
  const auto first = samples::local("2025-11-22T10:00:00");
  for (int i = 0; i < 4320; ++i) {
    const auto at = first + i * std::chrono::minutes(30);
    const auto text = [](network_time t) { return "\"" + format(t, std::chrono::hours(10)) + "\""; };
    const std::string comma = i == 0 ? "" : ",";
    covered += comma + "[" + text(at) + "," + text(at + std::chrono::minutes(5)) + "]";
    gaps += comma + R"({"from":)" + text(at + std::chrono::minutes(5)) + R"(,"to":)" +
            text(at + std::chrono::minutes(30)) + R"(,"reason":"no_data","found_at":"2026-11-23T00:)" +
            std::to_string(10 + i % 50) + R"(:12.345678Z"})";
  }
  const auto value =
      R"({"v":1,"sequence":12,"identity":"network|NEM|5m|x||long","network":"NEM","start":"2025-11-22T10:00:00+10:00",)"
      R"("position":"2026-11-23T10:05:00+10:00","ledger_from":"2026-11-22T11:00:00+10:00","covered":[)" +
      covered + R"(],"gaps":[)" + gaps + "]}";
  state = read({{"progress|wem|power", value}}, state);
  const auto& labels = state.members.at({"wem", "power"}).labels;
  CHECK(labels.covered().ranges().size() == 4320);
  CHECK(labels.gaps().empty());
  const auto records = encode_changes(state, state);
  CHECK(std::all_of(records.begin(), records.end(), [](const auto& r) { return r.value.size() < 1000; }));
}

TEST_CASE("D1: a progress.json and an export of format 1 are read") {
  const auto hashed = [](std::string body) {
    const auto parsed = progress_json::parse_object(body);
    REQUIRE(parsed.has_value());
    const auto hash = sha256_hex(*progress_json::canonical(*parsed));
    return body.insert(1, R"("sha256":")" + hash + "\",");
  };
  const std::string rest =
      R"("cluster_id":"cluster-1","topic":"openelectricity.progress.test","offset":90,"sequence":12,)"
      R"("last_version":1795395600000123,"generation":3,"claim_owner":"host-a/4711/ab12",)";
  const auto file = read_progress_text(hashed(R"({"version":1,"partition":0,"delivery":"exactly_once",)" + rest +
                                              R"("streams":{"nem":{"power":)" + member_value + "}}}"));
  REQUIRE_MESSAGE(file.has_value(), file.error().context);
  REQUIRE(file->snapshot);
  auto kafka = read(topic);
  CHECK(file->snapshot->state.members == kafka.members);
  CHECK(hash_of(file->snapshot->state) == hash_of(kafka));
  std::string member = member_value;
  member.insert(1, R"("stream":"nem","metric":"power",)");
  const auto document = read_export(hashed(R"({"kind":"openelectricity-stream progress","format":1,)" + rest +
                                           R"("members":[)" + member + R"(],"ledger":[]})"));
  REQUIRE_MESSAGE(document.has_value(), document.error().context);
  CHECK(document->snapshot.state.members == kafka.members);
}
