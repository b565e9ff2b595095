#include "facilities/joined_answer.hpp"

#include <doctest/doctest.h>

#include "decode/decode.hpp"
#include "support/times.hpp"
#include "unit/pipeline/facility_samples.hpp"

using namespace oes;
using namespace oes::test;

namespace {
time_series_answer part(const std::string& body, std::int64_t arrived) {
  return decode({body, utc_time(std::chrono::microseconds(arrived))}, network::nem).value();
}

result<void> add(answer_joiner& joining, time_series_answer part, std::size_t points = 1) {
  joining.add(std::move(part));
  while (true) {
    const auto done = joining.take_in(points);
    if (!done) return done.error();
    if (*done) return {};
  }
}

time_series_answer whole_of(answer_joiner& joining) {
  while (!joining.drop_duplicates(1).value()) {
  }
  return joining.take();
}

}  // namespace

TEST_CASE("parts become one answer: series sorted, every digit in its place, the newest arrival") {
  const auto list = many_facilities(3);
  const auto id = facility_identity();
  answer_joiner joining(id, list);
  CHECK(joining.empty());
  REQUIRE(add(joining, part(units_body("power", {"F002U"}, {{"10:00", "1.50"}, {"10:05", "null"}}), 2)).has_value());
  REQUIRE(add(joining, part(units_body("power", {"F000U", "F001U"}, {{"10:00", "-0.0"}, {"10:10", "1e-7"}}), 1))
              .has_value());
  REQUIRE(add(joining, part(units_body("energy", {"F000U"}, {{"10:00", "7"}}), 1)).has_value());
  CHECK_FALSE(joining.empty());
  const auto whole = whole_of(joining);
  CHECK(whole.received_at.time_since_epoch().count() == 2);
  REQUIRE(whole.blocks.size() == 2);
  const auto& power = whole.blocks[0];
  REQUIRE(power.all.size() == 3);
  CHECK(power.all[0].labels == series_labels{{"unit_code", "F000U"}});
  CHECK(power.all[0].also == series_labels{{"facility_code", "F000"}});
  CHECK(whole.text(power.all[0].points[0]) == "-0.0");
  CHECK(whole.text(power.all[1].points[1]) == "1e-7");
  CHECK(power.all[2].labels == series_labels{{"unit_code", "F002U"}});
  CHECK(whole.text(power.all[2].points[0]) == "1.50");
  CHECK(power.all[2].points[0].label == at("2026-11-23T10:00:00"));
  CHECK(power.all[2].points[1].is_null());
  CHECK(whole.text(whole.blocks[1].all[0].points[0]) == "7");
}

TEST_CASE("units that the filters do not choose are left out, though their facility was asked") {
  facility_list list;
  list.units = {unit_of("A", "A1", "wind"), unit_of("A", "A2", "battery_charging")};
  auto id = facility_identity();
  const auto units_for = [&](const group_identity& wanted) {
    answer_joiner joining(wanted, list);
    REQUIRE(add(joining, part(units_body("power", {"A1", "A2", "NEW"}, {{"10:00", "1"}}), 1)).has_value());
    return whole_of(joining).blocks.at(0).all.size();
  };
  CHECK(units_for(id) == 3);  // a unit that the list does not know yet is published, without its facility
  id.filter.fueltechs = {"wind"};
  CHECK(units_for(id) == 1);
}

TEST_CASE("units merged into one series are not taken for a unit, and a metric in two units is malformed") {
  const auto list = many_facilities(1);
  const auto id = facility_identity();
  answer_joiner joining(id, list);
  auto body = units_body("power", {"F000U"}, {{"10:00", "1"}});
  REQUIRE(add(joining, part(body, 1)).has_value());
  auto unlabelled = body;
  unlabelled.replace(unlabelled.find(R"("unit_code":"F000U")"), 19, "");
  REQUIRE(add(joining, part(unlabelled, 1)).has_value());
  body.replace(body.find("\"MW\""), 4, "\"kW\"");
  const auto mixed = add(joining, part(body, 1));
  REQUIRE(mixed.has_error());
  CHECK(mixed.error().code == errc::malformed);
  CHECK(whole_of(joining).blocks.at(0).all.size() == 1);
}

TEST_CASE("D2: batches together have the bounds of one answer") {
  const auto list = many_facilities(1);
  const auto id = facility_identity();
  answer_joiner joining(id, list);
  std::vector<std::string> units;
  for (int i = 0; i < 9'000; ++i) units.push_back("U" + std::to_string(i));
  const auto nine_thousand = [&] { return part(units_body("power", units, {{"10:00", "1"}}), 1); };
  CHECK(add(joining, nine_thousand()).has_value());
  CHECK(add(joining, nine_thousand(), 10'000).has_value());
  const auto refused = add(joining, nine_thousand());
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::malformed);
  CHECK(refused.error().context.find("more than 20,000 series") != std::string::npos);
}

TEST_CASE("W8: a large part is taken in slices, each about as large as it may be") {
  const auto list = many_facilities(1);
  const auto id = facility_identity();
  std::vector<std::string> units;
  for (int i = 0; i < 1'000; ++i) units.push_back("U" + std::to_string(i));
  answer_joiner joining(id, list);
  joining.add(part(units_body("power", units, {{"10:00", "1"}}), 1));
  int slices = 1;
  while (!joining.take_in(170).value()) ++slices;  // ten series of one point, and what finding their units takes
  CHECK(slices >= 100);
  CHECK(whole_of(joining).blocks.at(0).all.size() == 1'000);
}
