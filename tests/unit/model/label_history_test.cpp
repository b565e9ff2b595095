#include "model/label_history.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "model/label_text.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const auto began = at("2026-10-01T00:00:00");
const utc_time found{std::chrono::hours(1000)};

time_range cells(int from, int count) { return {began + minutes(5 * from), began + minutes(5 * (from + count))}; }

gap hole(time_range range, utc_time when = found) { return {range, "no_data", when}; }

// What a label is, told the simple way.
struct plain_labels {
  std::map<network_time, gap_mark> gaps;
  std::map<network_time, bool> covered;

  template <typename Do>
  static void each(time_range r, const Do& act) {
    for (auto t = r.begin; t < r.end; t += minutes(5)) act(t);
  }
  void cover(time_range r) {
    each(r, [&](network_time t) {
      covered[t] = true;
      gaps.erase(t);
    });
  }
  void add_gap(const gap& one) {
    each(one.range, [&](network_time t) {
      if (!covered.contains(t)) gaps.try_emplace(t, gap_mark{one.reason, one.found_at, one.given_up_at});
    });
  }
  void close(time_range r) {
    each(r, [&](network_time t) { gaps.erase(t); });
  }
  void forget(time_range r) {
    each(r, [&](network_time t) {
      gaps.erase(t);
      covered.erase(t);
    });
  }
};

// The members of a stream whose points come every `period` cells, `length` of them each time.
label_history rhythm(std::size_t periods, int length, int period) {
  label_history out;
  history_edit edit(out);
  for (int i = 0; i < static_cast<int>(periods); ++i) {
    edit.cover(cells(i * period, length));
    edit.add_gap(hole(cells(i * period + length, period - length), found + minutes(i)));
  }
  edit.finish();
  return out;
}

std::size_t text_size(const label_history& labels) {
  std::size_t most = 0;
  for (const auto& [month, block] : labels.blocks()) {
    auto size = block->text.size();
    for (const auto& mark : block->marks) size += mark.reason.size() + 110;
    most = std::max(most, size);
  }
  return most;
}

}  // namespace

TEST_CASE("D1: whatever is done to labels in whatever order, they are what the simple way says") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    const auto draw = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    label_history labels;
    plain_labels plain;
    for (int step = 0; step < 40; ++step) {
      const auto range = cells(draw(12'000), 1 + draw(draw(4) == 0 ? 9'000 : 40));
      const gap one{range, draw(3) == 0 ? "malformed" : "too_large", found + hours(draw(3))};
      switch (draw(5)) {
        case 0:
        case 1:
          labels.cover(range);
          plain.cover(range);
          break;
        case 2:
        case 3:
          labels.add_gap(one);
          plain.add_gap(one);
          break;
        default:
          draw(2) == 0 ? (labels.close(range), plain.close(range)) : (labels.forget(range), plain.forget(range));
      }
    }
    std::map<network_time, bool> covered;
    const auto ranges = labels.covered();
    for (const auto& r : ranges.ranges()) plain_labels::each(r, [&](network_time t) { covered[t] = true; });
    CHECK(covered == plain.covered);
    std::map<network_time, gap_mark> gaps;
    for (const auto& g : labels.gaps()) {
      plain_labels::each(g.range, [&](network_time t) { gaps[t] = {g.reason, g.found_at, g.given_up_at}; });
    }
    CHECK(gaps == plain.gaps);
    const auto all = labels.gaps();
    CHECK(labels.count_gaps().all() == static_cast<std::int64_t>(all.size()));
    label_history again;
    for (const auto& [month, block] : labels.blocks()) {
      auto read = read_month(block->text, block->marks, month);
      REQUIRE(read.has_value());
      CHECK(*read == *block);
      again.put(month, std::move(*read));
    }
    CHECK(again == labels);
  }
}

TEST_CASE("D1: a month is small whatever happened in it") {
  label_history labels;
  std::mt19937 random(7);
  history_edit edit(labels);
  for (int i = 0; i < 31 * 288; ++i) {
    const std::vector<const char*> reasons{"no_data", "malformed", "too_large", "seek"};
    const auto drawn = random();
    if (drawn % 3 == 0) edit.cover(cells(i, 1));
    if (drawn % 3 != 0) edit.add_gap({cells(i, 1), reasons[drawn / 3 % 4], found + minutes(i - i % 12)});
  }
  edit.finish();
  REQUIRE(labels.blocks().size() == 1);
  CHECK(text_size(labels) < 10'000);
  const auto& [month, block] = *labels.blocks().begin();
  CHECK(block->marks.size() <= month_labels::most_marks);
  CHECK(read_month(block->text, block->marks, month) == *block);
}

TEST_CASE("D1: half-hourly points among five-minute labels leave no gaps, and hardly a text") {
  const auto labels = rhythm(31UL * 48, 1, 6);
  CHECK(labels.count_gaps().all() == 0);
  CHECK(labels.gaps().empty());
  CHECK(labels.silent().ranges().size() == 31UL * 48);
  CHECK(labels.covered().ranges().size() == 31UL * 48);
  CHECK(text_size(labels) < 40);
  CHECK(labels.covers(cells(6, 1).begin));
  CHECK(!labels.covers(cells(7, 1).begin));
  CHECK(labels.knows(cells(7, 1).begin));
}

TEST_CASE("D1: a unit that runs every other day leaves no gaps, whatever the months cut") {
  const auto labels = rhythm(360, 288, 2 * 288);
  CHECK(labels.count_gaps().all() == 0);
  CHECK(text_size(labels) < 60);
}

TEST_CASE("D1: the same, point by point as a live stream finds them") {
  label_history labels;
  std::int64_t most = 0;
  for (int i = 1; i < 60 * 48; ++i) {
    history_edit edit(labels);
    edit.add_gap(hole(cells(6 * i - 5, 5), found + minutes(30 * i)));
    edit.cover(cells(6 * i, 1));
    edit.finish();
    most = std::max(most, labels.count_gaps().all());
  }
  CHECK(labels.count_gaps().all() == 0);
  CHECK(most <= 48);
}

TEST_CASE("D1: a point that is missing from the rhythm is a gap, and comes late all the same") {
  auto labels = rhythm(200, 1, 6);
  REQUIRE(labels.count_gaps().all() == 0);
  labels.add_gap(hole(cells(1200, 5)));  // 200 × 6: the point at 1200 did not come
  labels.add_gap(hole(cells(1205, 1)));
  labels.cover(cells(1206, 1));
  CHECK(labels.count_gaps().open == 1);
  labels.cover(cells(1200, 1));
  CHECK(labels.count_gaps().all() == 0);
}

TEST_CASE("holes without a rhythm, or with a reason, stay gaps") {
  label_history labels;
  for (const int from : {0, 10, 31, 40, 77, 300, 340, 900}) labels.add_gap(hole(cells(from, 2)));
  labels.cover(cells(0, 1000));
  CHECK(labels.count_gaps().all() == 0);  // all of it was published after all
  label_history broken;
  for (int i = 0; i < 300; ++i) {
    broken.cover(cells(6 * i, 1));
    broken.add_gap({cells(6 * i + 1, 5), "malformed", found});
  }
  CHECK(broken.count_gaps().open == 300);
  label_history odd;
  for (int i = 0; i < 300; ++i) {
    const int length = 1 + (i * i) % 7;
    odd.cover(cells(10 * i, 10 - length));
    odd.add_gap(hole(cells(10 * i + 10 - length, length)));
  }
  CHECK(odd.count_gaps().open == 300);
}

TEST_CASE("what an operator passes over is one gap, however many months it spans") {
  label_history labels;
  labels.add_gap({{at("2006-11-01T00:00:00"), at("2026-11-01T00:00:00")}, "seek", found});
  CHECK(labels.count_gaps().all() == 1);
  CHECK(labels.count_gaps().open == 0);  // nobody asks for it
  REQUIRE(labels.gaps().size() == 1);
  CHECK(labels.gaps()[0].range == time_range{at("2006-11-01T00:00:00"), at("2026-11-01T00:00:00")});
  CHECK(labels.open_gaps().empty());
  CHECK(labels.blocks().size() == 240);
  labels.forget({at("2010-01-01T00:00:00"), network_time::max()});
  CHECK(labels.blocks().size() == 38);
}

TEST_CASE("a copy shares what did not change") {
  label_history before;
  before.cover({at("2006-11-01T00:00:00"), at("2026-11-01T00:00:00")});
  auto after = before;
  after.cover({at("2026-11-01T00:00:00"), at("2026-11-01T00:05:00")});
  std::size_t shared = 0;
  for (const auto& [month, block] : before.blocks()) shared += after.blocks().at(month) == block ? 1 : 0;
  CHECK(shared == 240);
  CHECK(after.covered_until() == at("2026-11-01T00:05:00"));
}

TEST_CASE("D5: a text that is not a month's is refused, however large it says it is") {
  const auto month = std::chrono::year(2026) / 11;
  for (const auto* bad : {"c8641", "c99999999999999999999", "(cs)9999999", "(cs8640", "x", "c0", "()3", "2:////!", "A",
                          "c2(", "(c)4", "3", "(cs)4321"}) {
    const auto read = read_month(bad, {}, month);
    CHECK_MESSAGE(!read, std::string(bad));
  }
  CHECK(read_month("c8640", {}, month).has_value());
  CHECK(read_month("", {}, month).has_value());
}

TEST_CASE("cells survive their text, whatever they are") {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    const std::size_t size = 1 + random() % 9000;
    const auto highest = 1 + random() % 16;
    const auto changes = 1 + random() % 200;
    std::vector<std::uint16_t> cells(size, 0);
    std::uint16_t now = 0;
    for (auto& cell : cells) {
      if (random() % changes == 0) now = static_cast<std::uint16_t>(random() % highest);
      cell = now;
    }
    const auto text = write_cells(cells);
    CHECK(text.size() <= (size * 4 + 5) / 6 + 2);
    CHECK(read_cells(text, size) == cells);
  }
}
