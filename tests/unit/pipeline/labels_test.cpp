// Labels that cannot be true are left out before anything looks at them.
#include <doctest/doctest.h>

#include "decode/label_check.hpp"
#include "support/logged.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

time_series_answer answer_with(const std::vector<std::vector<std::string>>& all) {
  time_series_answer answer;
  answer.body = std::make_unique<std::string>("1");
  metric_block block{"power", "MW", {}};
  for (const auto& labels : all) {
    series one;
    one.labels = {{"region", "R" + std::to_string(block.all.size())}};
    for (const auto& label : labels) one.points.push_back({at(label), 0, 1});
    block.all.push_back(std::move(one));
  }
  answer.blocks.push_back(std::move(block));
  return answer;
}

std::string kept(time_series_answer answer, network net, interval_size size, time_window window, std::string_view now) {
  group_identity id;
  id.net = net;
  id.interval = size;
  const auto skipped = leave_out_wrong_labels(answer, {id, window, at(now)});
  if (!skipped) return std::string(name(skipped.error().code));
  std::string out;
  for (const auto& one : answer.blocks.front().all) {
    for (const auto& point : one.points) out += format(point.label).substr(5, 11) + " ";
  }
  for (const auto& one : *skipped) {
    for (const auto fault : label_faults) {
      if (one.skipped.of(fault) > 0)
        out += std::string(name(fault)) + "=" + std::to_string(one.skipped.of(fault)) + " ";
    }
  }
  return out;
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("C1: a label after the end of what was asked, or ahead of the clock, is left out") {
  const time_window live{at("2026-11-23T10:00:00"), std::nullopt};
  const time_window bounded{at("2026-11-23T10:00:00"), at("2026-11-23T10:10:00")};
  const std::vector<std::string> labels{"2026-11-23T10:00:00", "2026-11-23T10:05:00", "2026-11-23T10:10:00",
                                        "2026-11-24T10:00:00"};
  CHECK(kept(answer_with({labels}), network::nem, interval_size::m5, live, "2026-11-23T10:07:00") ==
        "11-23T10:00 11-23T10:05 11-23T10:10 ahead=1 ");
  CHECK(kept(answer_with({labels}), network::nem, interval_size::m5, bounded, "2026-11-23T10:31:00") ==
        "11-23T10:00 11-23T10:05 after_window=1 ahead=1 ");
}

TEST_CASE("C2: WEM names a period by its start, so the one under way is the last that can be there") {
  const time_window live{at("2026-11-23T10:00:00"), std::nullopt};
  const std::vector<std::string> labels{"2026-11-23T10:00:00", "2026-11-23T10:05:00", "2026-11-23T10:10:00"};
  CHECK(kept(answer_with({labels}), network::wem, interval_size::m5, live, "2026-11-23T10:07:00") ==
        "11-23T10:00 11-23T10:05 ahead=1 ");
}

TEST_CASE("C6: labels off the grid are left out, of every size whose grid is known") {
  const time_window window{at("2026-11-01T00:00:00"), at("2026-11-23T00:00:00")};
  const auto of = [&](interval_size size, const std::vector<std::string>& labels) {
    return kept(answer_with({labels}), network::nem, size, window, "2026-12-24T00:00:00");
  };
  CHECK(of(interval_size::m5, {"2026-11-02T10:10:00", "2026-11-02T10:13:00", "2026-11-02T10:15:00"}) ==
        "11-02T10:10 11-02T10:15 off_grid=1 ");
  CHECK(of(interval_size::h1, {"2026-11-02T10:00:00", "2026-11-02T10:30:00"}) == "11-02T10:00 off_grid=1 ");
  CHECK(of(interval_size::d1, {"2026-11-02T00:00:00", "2026-11-02T10:00:00"}) == "11-02T00:00 off_grid=1 ");
  CHECK(of(interval_size::d7, {"2026-11-01T00:00:00", "2026-11-02T00:00:00"}) == "11-01T00:00 off_grid=1 ");
  CHECK(of(interval_size::mo1, {"2026-11-01T00:00:00", "2026-11-02T00:00:00"}) == "11-01T00:00 off_grid=1 ");
}

TEST_CASE("C1: what begins before the window is left out") {
  const time_window window{at("2026-11-23T10:00:00"), at("2026-11-23T10:10:00")};
  CHECK(kept(answer_with({{"2026-11-23T09:55:00", "2026-11-23T10:00:00"}}), network::nem, interval_size::m5, window,
             "2026-11-23T10:31:00") == "11-23T10:00 before_window=1 ");
}

TEST_CASE("C1: seasons and financial years are judged by their data, not by their text") {
  const time_window summer{at("2026-10-01T00:00:00"), at("2027-01-01T00:00:00")};
  // The request names all of 2026: the year's other seasons come along, and are no fault.
  CHECK(
      kept(answer_with({{"2026-01-01T00:00:00", "2026-04-01T00:00:00", "2026-07-01T00:00:00", "2026-10-01T00:00:00"}}),
           network::nem, interval_size::season, summer, "2027-01-01T03:00:00") == "10-01T00:00 ");
  const time_window year{at("2027-01-01T00:00:00"), at("2028-01-01T00:00:00")};
  CHECK(kept(answer_with({{"2027-01-01T00:00:00"}}), network::nem, interval_size::fy, year, "2027-07-01T03:00:00") ==
        "01-01T00:00 ");
}

TEST_CASE("C1: where most labels cannot be true the contract has changed; one series of many is no such thing") {
  const time_window live{at("2026-11-23T10:00:00"), std::nullopt};
  const std::vector<std::string> good{"2026-11-23T10:00:00", "2026-11-23T10:05:00"};
  const std::vector<std::string> bad{"2026-11-23T10:01:00", "2026-11-23T10:06:00"};
  const auto judged = [&](const std::vector<std::vector<std::string>>& all) {
    return kept(answer_with(all), network::nem, interval_size::m5, live, "2026-11-23T10:07:00");
  };
  CHECK(judged({bad}) == "unexpected_labels");
  CHECK(judged({good, bad, bad}) == "unexpected_labels");
  CHECK(judged({good, good, bad}) == "11-23T10:00 11-23T10:05 11-23T10:00 11-23T10:05 off_grid=2 ");
}

TEST_CASE("C1, C6: a wrong label moves nothing, makes no gap and is counted; the stream goes on") {
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:13", "9"}, {"22:00", "9"}}));
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}, {"10:13", "9"}, {"10:15", "4"}}));
  const auto log = logged(f.log, [&] { f.cycles({nem_stream()}, 2); });
  CHECK(f.kafka.records.size() == 4);
  const auto& member = f.kafka.state.members.at(power);
  CHECK(member.position == at("2026-11-23T10:20:00"));
  CHECK(member.labels.gaps().empty());
  CHECK(f.board.members.at(power).points_skipped == std::map<std::string, std::int64_t>{{"ahead", 1}, {"off_grid", 2}});
  // Each reason once, whatever comes after it.
  const std::string told = "points with a label that cannot be true are left out";
  CHECK(times(log, told) == 2);
  CHECK(times(log, "reason=off_grid") == 1);
}

TEST_CASE("C1: an answer is judged by its own time, not by the daemon's clock") {
  poll_fixture f;  // 10:31
  f.from.serve = [](const fetch_request&) -> result<raw_answer> {
    const auto served_at = utc("2026-11-23T00:10:00Z");  // 10:10
    return raw_answer{answer_body("power", {{"10:00", "1"}, {"10:05", "2"}, {"10:25", "9"}}), {}, served_at};
  };
  f.cycles({nem_stream()}, 1);
  CHECK(f.kafka.records.size() == 2);
  CHECK(f.board.members.at(power).points_skipped == std::map<std::string, std::int64_t>{{"ahead", 1}});
}

TEST_CASE("C1: a changed contract stops the stream with its reason; position stays, no gap") {
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:01", "1"}, {"10:06", "2"}}));
  const auto outcomes = f.cycles({nem_stream()}, 1);
  CHECK(outcomes[0].why.code == errc::unexpected_labels);
  CHECK(f.board.members.at(power).state == stream_state::stopped_by_api);
  CHECK(f.board.members.at(power).last_error.find("contract has changed") != std::string::npos);
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:00:00"));
  CHECK(f.kafka.state.members.at(power).labels.gaps().empty());
}

TEST_CASE("W8: labels are judged in slices, also within one series, and the outcome is the same") {
  const auto ten = at("2026-11-23T10:00:00");
  const auto made = [&] {
    time_series_answer answer;
    answer.body = std::make_unique<std::string>("1");
    answer.blocks.push_back({"power", "MW", {}});
    for (int i = 0; i < 3; ++i) {
      auto& points = answer.blocks[0].all.emplace_back().points;
      for (int k = 0; k < 100; ++k)
        points.push_back({ten + std::chrono::minutes(5 * k) + std::chrono::seconds(k % 10 == i), 0, 1});
    }
    return answer;
  };
  const group_identity id;
  const label_question question{id, {ten, std::nullopt}, ten + std::chrono::hours(24)};
  auto whole = made();
  const auto at_once = leave_out_wrong_labels(whole, question);
  auto sliced = made();
  label_check checking(sliced, question);
  int slices = 1;
  while (!checking.advance(7)) ++slices;
  CHECK(slices >= 300 / 7);
  const auto skipped = checking.take();
  REQUIRE(skipped.has_value());
  REQUIRE(skipped->size() == 1);
  CHECK(skipped->front().skipped.of(label_fault::off_grid) == 30);
  CHECK(at_once->front().skipped.count == skipped->front().skipped.count);
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(sliced.blocks[0].all[i].points.size() == 90);
    for (std::size_t k = 0; k < 90; ++k) {
      CHECK(sliced.blocks[0].all[i].points[k].label == whole.blocks[0].all[i].points[k].label);
    }
  }
}

namespace {

// Of one label and its value in each region.
std::string by_region(const std::string& label, const std::vector<std::pair<std::string, std::string>>& values) {
  std::string results;
  for (const auto& [columns, value] : values) {
    results += (results.empty() ? "" : ",") + (R"({"columns":)" + columns) + R"(,"data":[["2026-11-23T)" + label +
               R"(:00+10:00",)" + value + "]]}";
  }
  return R"({"data":[{"metric":"power","unit":"MW","results":[)" + results + "]}]}";
}

stream_spec stream_by_region() {
  auto stream = nem_stream();
  stream.primary = primary_grouping::network_region;
  return stream;
}

}  // namespace

TEST_CASE("C1: answers whose series have lost their region stop the stream; none is taken for the whole network") {
  poll_fixture f;
  f.from.answer(by_region("10:00", {{"{}", "1"}, {R"({"network_region":"NSW1"})", "2"}}));
  const auto outcomes = f.cycles({stream_by_region()}, 1);
  CHECK(outcomes[0].why.code == errc::unexpected_labels);
  CHECK(says(outcomes[0].why.context, "in 2 of 2 series: 2 unasked of power (2026-11-23T10:00:00+10:00)"));
  CHECK(f.kafka.records.empty());
  CHECK(f.kafka.state.members.at(power).position == at("2026-11-23T10:00:00"));
  CHECK(f.kafka.state.members.at(power).labels.gaps().empty());
}

TEST_CASE("C1: one series without its region is left out, told once and counted; the others go on") {
  poll_fixture f;
  const std::string nsw = R"({"region":"NSW1"})";
  const std::string vic = R"({"region":"VIC1"})";
  f.from.answer(by_region("10:00", {{nsw, "1"}, {vic, "2"}, {"{}", "9"}}));
  f.from.answer(by_region("10:05", {{nsw, "1"}, {vic, "2"}, {"{}", "9"}}));
  const auto log = logged(f.log, [&] { f.cycles({stream_by_region()}, 2); });
  CHECK(f.kafka.records.size() == 4);
  CHECK(f.board.members.at(power).points_skipped == std::map<std::string, std::int64_t>{{"unasked", 2}});
  CHECK(times(log, "series whose labels are not those that were asked for are left out") == 1);
}

TEST_CASE("of several values of a point one is taken, whatever their order: no revision comes of it") {
  poll_fixture f;
  const std::string nsw = R"({"region":"NSW1"})";
  f.from.answer(by_region("10:00", {{nsw, "6"}, {nsw, "1"}}));
  f.from.answer(by_region("10:00", {{nsw, "1"}, {nsw, "6"}}));
  const auto log = logged(f.log, [&] { f.cycles({stream_by_region()}, 2); });
  REQUIRE(f.kafka.records.size() == 1);
  CHECK(says(f.kafka.records[0].second, R"("power":1,)"));
  CHECK(f.board.members.at(power).points_skipped == std::map<std::string, std::int64_t>{{"conflicting", 2}});
  CHECK(times(log, "the API gives several values of one point") == 1);
}
