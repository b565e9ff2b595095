#include "simulation/api/lies.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

namespace oes::simulation {
namespace {

using std::chrono::minutes;

constexpr minutes interval{5};
constexpr const char* untrue = "987654.25";  // no value of the world is as large

class salted {
 public:
  explicit salted(std::uint64_t salt) : state_(salt) {}
  std::size_t below(std::size_t bound) {
    state_ += 0x9e3779b97f4a7c15U;
    auto z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return static_cast<std::size_t>((z ^ (z >> 31U)) % bound);
  }

 private:
  std::uint64_t state_;
};

minutes some_way(salted& draw) {
  constexpr std::array<minutes, 5> ways{minutes(15), minutes(120), minutes(1440), minutes(43'200), minutes(525'600)};
  return ways[draw.below(ways.size())];
}

void drop_labels(told_series& one, salted& draw) {
  if (one.rows.size() < 2) return;
  const auto count = 1 + draw.below(one.rows.size() - 1);
  const auto from = one.rows.begin() + static_cast<std::ptrdiff_t>(draw.below(one.rows.size() - count + 1));
  one.rows.erase(from, from + static_cast<std::ptrdiff_t>(count));
}

// One series, or the same labels of all.
void leave_out_labels(told_answer& told, salted& draw) {
  const bool of_all = draw.below(2) == 0;
  const auto how = draw;
  for (auto& block : told.blocks) {
    const auto chosen = draw.below(std::max<std::size_t>(1, block.series.size()));
    for (std::size_t i = 0; i < block.series.size(); ++i) {
      auto same = how;
      if (of_all || i == chosen) drop_labels(block.series[i], same);
    }
  }
}

void leave_out_series(told_answer& told, salted& draw) {
  for (auto& block : told.blocks) {
    if (block.series.size() < 2) continue;
    block.series.erase(block.series.begin() + static_cast<std::ptrdiff_t>(draw.below(block.series.size())));
  }
}

void leave_out_metric(told_answer& told, salted& draw) {
  auto& blocks = told.blocks;
  if (blocks.size() < 2) return;
  blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(draw.below(blocks.size())));
}

void add_label(told_series& one, lie which, salted& draw, const time_window& asked, network_time now) {
  const auto far = some_way(draw);
  if (which == lie::label_ahead) {
    const auto beyond = std::max(asked.end.value_or(now), now + 2 * interval);
    one.rows.emplace_back(std::chrono::floor<minutes>(beyond) + far, untrue);
    auto& label = one.rows.back().first;
    label -= label.time_since_epoch() % interval;
  } else if (which == lie::label_early) {
    one.rows.insert(one.rows.begin(), {asked.start - far, untrue});
  } else {
    const auto place = draw.below(one.rows.size());
    const auto odd = one.rows[place].first + minutes(3);
    one.rows.insert(one.rows.begin() + static_cast<std::ptrdiff_t>(place) + 1, {odd, untrue});
  }
}

void repeat_row(told_series& one, salted& draw) {
  const auto place = draw.below(one.rows.size());
  const auto label = one.rows[place].first;
  if (one.rows[place].second == "null") return;  // beside it any number would count
  one.rows.insert(one.rows.begin() + static_cast<std::ptrdiff_t>(place), {label, untrue});
}

void add_odd_region(told_block& block, salted& draw) {
  constexpr std::array<char, 4> odd{'\0', '\x1b', '\x07', '\n'};
  if (block.series.front().region.empty()) return;
  auto added = block.series[draw.below(block.series.size())];
  added.region = std::string("a") + odd[draw.below(odd.size())] + "b";
  block.series.push_back(std::move(added));
}

}  // namespace

std::string_view name(lie which) {
  switch (which) {
    case lie::labels_left_out:
      return "labels left out";
    case lie::series_left_out:
      return "a series left out";
    case lie::metric_left_out:
      return "a metric left out";
    case lie::label_ahead:
      return "a label ahead";
    case lie::label_early:
      return "an early label";
    case lie::label_off_grid:
      return "a label off the grid";
    case lie::row_repeated:
      return "a row repeated";
    case lie::odd_region:
      return "a control character in a region";
  }
  return "";
}

void leave_out(told_answer& told, lie which, std::uint64_t salt) {
  salted draw(salt);
  if (which == lie::labels_left_out) leave_out_labels(told, draw);
  if (which == lie::series_left_out) leave_out_series(told, draw);
  if (which == lie::metric_left_out) leave_out_metric(told, draw);
}

void add_untrue(told_answer& told, lie which, std::uint64_t salt, const time_window& asked, network_time now) {
  if (which <= lie::metric_left_out) return;
  salted draw(salt);
  const bool of_all = draw.below(2) == 0;
  for (auto& block : told.blocks) {
    if (block.series.empty()) continue;
    if (which == lie::odd_region) {
      add_odd_region(block, draw);
      continue;
    }
    const auto chosen = draw.below(block.series.size());
    for (std::size_t i = 0; i < block.series.size(); ++i) {
      auto& one = block.series[i];
      if (one.rows.empty() || (!of_all && i != chosen)) continue;
      if (which == lie::row_repeated) {
        repeat_row(one, draw);
      } else {
        add_label(one, which, draw, asked, now);
      }
    }
  }
}

}  // namespace oes::simulation
