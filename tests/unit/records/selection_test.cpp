#include "records/selection.hpp"

#include <doctest/doctest.h>

#include "records/value_hash.hpp"
#include "sample_answer.hpp"

using namespace oes;
using namespace oes::test;

namespace {

using rows = std::vector<std::vector<std::uint16_t>>;

// 10:00 … 10:20 of one series; the stream stands at 10:15 and takes what is before 10:25.
sample_answer five_points(const char* second, const char* third) {
  sample_answer sample;
  sample.block("power", "MW")
      .add({{"region", "NSW1"}}, {{"2026-11-23T10:00:00", "1"},
                                  {"2026-11-23T10:05:00", second},
                                  {"2026-11-23T10:10:00", third},
                                  {"2026-11-23T10:15:00", "4"},
                                  {"2026-11-23T10:20:00", ""}});
  return sample;
}

selection_question standing_at_a_quarter_past(revision_policy revisions = revision_policy::all, bool nulls = false) {
  return {at("2026-11-23T10:05:00"), at("2026-11-23T10:15:00"), at("2026-11-23T10:25:00"), revisions, nulls};
}

ledger with(const std::vector<std::pair<const char*, const char*>>& published, std::uint16_t revision = 0) {
  ledger known(interval_size::m5);
  const auto id = known.add({{"region", "NSW1"}});
  for (const auto& [label, number] : published) known.put(id, at(label), {value_hash(number), revision});
  return known;
}

}  // namespace

TEST_CASE("an unchanged answer publishes nothing but its news") {
  const auto known = with({{"2026-11-23T10:05:00", "2"}, {"2026-11-23T10:10:00", "3"}});
  auto sample = five_points("2.0", "3");
  const auto chosen = select_changes(sample.get(), 0, known, standing_at_a_quarter_past());
  CHECK(chosen.revisions == rows{{skip, skip, skip, 0, skip}});
  CHECK(chosen.chosen == 1);
  CHECK(chosen.revised == 0);
  CHECK(chosen.nulls == 1);
  CHECK(chosen.late.empty());
}

TEST_CASE("a changed number and a value turned null are the next revision") {
  const auto known = with({{"2026-11-23T10:05:00", "2"}, {"2026-11-23T10:10:00", "3"}}, 6);
  auto sample = five_points("2.5", "");
  const auto chosen = select_changes(sample.get(), 0, known, standing_at_a_quarter_past());
  CHECK(chosen.revisions == rows{{skip, 7, 7, 0, skip}});
  CHECK(chosen.revised == 2);
}

TEST_CASE("a null that was published and stays null is no change; a number in its place is one") {
  const auto known = with({{"2026-11-23T10:05:00", ""}, {"2026-11-23T10:10:00", ""}});
  auto sample = five_points("", "3");
  const auto chosen = select_changes(sample.get(), 0, known, standing_at_a_quarter_past());
  CHECK(chosen.revisions == rows{{skip, skip, 1, 0, skip}});
}

TEST_CASE("a series that lands late is published though its label was passed") {
  auto sample = five_points("2", "");
  const auto chosen = select_changes(sample.get(), 0, ledger(interval_size::m5), standing_at_a_quarter_past());
  CHECK(chosen.revisions == rows{{skip, 0, skip, 0, skip}});
  CHECK(chosen.late == std::vector<network_time>{at("2026-11-23T10:05:00")});
}

TEST_CASE("`revisions: first` publishes late points and leaves changed ones alone") {
  const auto known = with({{"2026-11-23T10:05:00", "2"}});
  auto sample = five_points("2.5", "3");
  const auto chosen = select_changes(sample.get(), 0, known, standing_at_a_quarter_past(revision_policy::first));
  CHECK(chosen.revisions == rows{{skip, skip, 0, 0, skip}});
}

TEST_CASE("nulls that were never published come only where they are asked for") {
  auto sample = five_points("2", "");
  const auto question = standing_at_a_quarter_past(revision_policy::all, true);
  const auto chosen = select_changes(sample.get(), 0, with({{"2026-11-23T10:05:00", "2"}}), question);
  CHECK(chosen.revisions == rows{{skip, skip, 0, 0, 0}});
  CHECK(chosen.nulls == 0);
}

TEST_CASE("what was published, is asked for again and is not in the answer is counted, series that are gone too") {
  auto known = with({{"2026-11-23T10:00:00", "1"}, {"2026-11-23T10:05:00", "2"}, {"2026-11-23T10:10:00", "9"}});
  const auto gone = known.add({{"region", "TAS1"}});
  known.put(gone, at("2026-11-23T10:05:00"), {value_hash("5"), 0});
  known.put(gone, at("2026-11-23T10:10:00"), {value_hash("5"), 0});
  known.put(gone, at("2026-11-23T10:15:00"), {value_hash("5"), 0});  // not passed yet
  auto sample = five_points("2", "3");
  auto question = standing_at_a_quarter_past();
  CHECK(select_changes(sample.get(), 0, known, question).left_out == 0);  // nothing is known to have been asked for
  question.asked = {at("2026-11-23T10:00:00"), at("2026-11-23T11:00:00")};
  CHECK(select_changes(sample.get(), 0, known, question).left_out == 1 + 1);
  question.asked.begin = at("2026-11-23T10:10:00");
  CHECK(select_changes(sample.get(), 0, known, question).left_out == 1);
}
