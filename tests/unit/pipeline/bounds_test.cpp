#include <doctest/doctest.h>

#include <string>

#include "model/answer_bounds.hpp"
#include "pipeline/label_scan.hpp"
#include "pipeline/series_room.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

network_time label(int number) { return at("2026-11-20T00:00:00") + number * std::chrono::minutes(5); }

series one_series(const std::string& name, std::vector<std::pair<int, bool>> points) {
  series out;
  out.labels = {{"unit_code", name}};
  for (const auto& [number, has_number] : points) out.points.push_back({label(number), 0, has_number ? 1U : 0U});
  return out;
}

}  // namespace

TEST_CASE("labels of a block: each once, with a number where any series has one") {
  const metric_block block{"power",
                           "MW",
                           {one_series("a", {{1, false}, {2, true}, {5, false}}),
                            one_series("b", {{0, true}, {1, true}, {4, false}}), one_series("c", {{3, true}})}};
  const auto seen = scan_labels(block, {label(1)}).seen;
  REQUIRE(seen.size() == 5);
  for (int i = 0; i < 5; ++i) CHECK(seen[static_cast<std::size_t>(i)].label == label(i + 1));
  CHECK(seen[0].has_number);
  CHECK(seen[1].has_number);
  CHECK(seen[2].has_number);
  CHECK_FALSE(seen[3].has_number);
  CHECK_FALSE(seen[4].has_number);
}

TEST_CASE("D3: thousands of short series beside a long one do not each cost as much as the long one") {
  metric_block block{"power", "MW", {one_series("long", {})}};
  auto& points = block.all.front().points;
  for (int i = 0; i < 200'000; ++i) points.push_back({label(2 * i), 0, 1});
  // Between its labels, at both ends: merged one by one, this would be billions of steps.
  for (int i = 0; i < 20'000; ++i)
    block.all.push_back(one_series("s" + std::to_string(i), {{2 * i + 1, true}, {399'999, false}}));
  CHECK(scan_labels(block, {label(0)}).seen.size() == 220'001);
}

TEST_CASE("D2: series beyond what a stream can tell apart are refused before anything is begun") {
  request_group group;
  group.members.emplace_back();
  group.members.front().key = {"units", "power"};
  group.members.front().metrics = {"power"};
  std::vector<ledger> ledgers;
  ledgers.emplace_back(interval_size::m5);
  for (std::size_t i = 0; i < most_series_of_a_member - 1; ++i)
    ledgers.front().add({{"unit_code", "u" + std::to_string(i)}});
  time_series_answer answer;
  answer.blocks.push_back({"power", "MW", {one_series("u7", {}), one_series("new", {})}});
  CHECK(check_series_room(group, ledgers, {0}, answer).has_value());
  answer.blocks.front().all.push_back(one_series("newer", {}));
  const auto refused = check_series_room(group, ledgers, {0}, answer);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::rejected);
  CHECK(refused.error().context.find("more than 65,535") != std::string::npos);
  CHECK(refused.error().context.find("'units'") != std::string::npos);
}

TEST_CASE("W8: labels are gathered in slices, and the outcome is the same") {
  metric_block block{"power", "MW", {}};
  for (int i = 0; i < 300; ++i) block.all.push_back(one_series("s" + std::to_string(i), {{i, true}, {i + 1, false}}));
  label_scan scanning(block, {label(0)});
  int slices = 1;
  while (!scanning.advance(180)) ++slices;  // ten series of two points, and what finding a series takes
  CHECK(slices >= 30);
  CHECK(scanning.take().seen.size() == 301);
}
