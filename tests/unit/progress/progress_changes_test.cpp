#include "progress/progress_changes.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "progress/head_record.hpp"
#include "progress/progress_codec.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

// What a reader of the topic makes of it, with compaction: only the newest record of each key is left.
progress_state after_compaction(const std::vector<progress_message>& log) {
  progress_state out;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const bool newer = std::any_of(log.begin() + static_cast<std::ptrdiff_t>(i) + 1, log.end(),
                                   [&](const auto& m) { return m.key == log[i].key; });
    if (newer || log[i].value.empty()) continue;
    const auto done = samples::fold(out, log[i].key, log[i].value);
    REQUIRE_MESSAGE(done.has_value(), done.error().context);
  }
  return out;
}

void append(std::vector<progress_message>& log, const progress_state& before, const progress_state& after) {
  log.push_back(encode_begin(after.sequence, after.claim_owner));
  for (auto& m : encode_changes(before, after)) log.push_back(std::move(m));
  log.push_back(encode_head(after));
}

progress_state first_state() {
  auto out = samples::state();
  out.chain = "c0ffee";
  return out;
}

}  // namespace

TEST_CASE("only the member that moved is written") {
  const auto before = samples::state();
  auto after = before;
  after.sequence = 13;
  after.members[{"nem", "power"}].position += std::chrono::minutes(5);
  const auto records = encode_changes(before, after);
  REQUIRE(records.size() == 1);
  CHECK(records[0].key == "member|nem|power");
}

TEST_CASE("nothing changed: nothing to write") { CHECK(encode_changes(samples::state(), samples::state()).empty()); }

TEST_CASE("D1: of a member's months only those that changed are written") {
  auto before = samples::state();
  auto& labels = before.members[{"nem", "power"}].labels;
  labels.cover({samples::local("2006-11-22T10:00:00"), samples::local("2026-11-22T10:00:00")});
  auto after = before;
  after.sequence = 13;
  after.members[{"nem", "power"}].labels.cover(
      {samples::local("2026-11-23T10:05:00"), samples::local("2026-11-23T10:10:00")});
  const auto records = encode_changes(before, after);
  REQUIRE(records.size() == 1);
  CHECK(records[0].key == "month|nem|power|2026-11");
}

TEST_CASE("a forgotten member does not take the highest version away, even after compaction") {
  const auto first = first_state();
  std::vector<progress_message> log{encode_claim(first.claim_owner, "h", first.generation, first.sequence, 1)};
  append(log, {}, first);
  auto second = first;
  second.sequence = 13;
  second.last_version += 10;
  second.members[{"wem|odd %name\n", "price"}].position += std::chrono::minutes(5);
  append(log, first, second);
  auto third = second;
  third.sequence = 14;
  third.members.erase({"wem|odd %name\n", "price"});
  append(log, second, third);
  CHECK(after_compaction(log) == third);
}
