#include "simulation/api/served_world.hpp"

#include <array>
#include <chrono>
#include <string_view>

#include "model/network.hpp"
#include "simulation/api/mixed.hpp"

namespace oes::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 5> all_regions{"NSW1", "QLD1", "SA1", "TAS1", "VIC1"};

std::string number(std::uint64_t of) {
  return std::to_string(of % 9000) + "." + std::to_string(1 + of / 9000 % 9) + std::to_string(of / 90000 % 10);
}

}  // namespace

served_world::served_world(std::uint64_t seed, const api_ways& ways)
    : seed_(seed), ways_(ways), regions_(all_regions.begin(), all_regions.begin() + ways.regions) {
  if (regions_.empty()) regions_.emplace_back();
}

std::vector<served_version> served_world::versions(const std::string& metric, const std::string& region,
                                                   network_time label) const {
  const auto& grid = ways_.grid;
  if (grid.floor(label) != label || (grid.is_native() && label.time_since_epoch() % ways_.every != seconds(0)))
    return {};
  const auto of_label = mixed(seed_ ^ static_cast<std::uint64_t>(label.time_since_epoch().count()));
  const auto of_point = mixed(mixed(of_label, metric), region);
  const auto text = [&](std::uint64_t of, unsigned one_in) {
    return ways_.nulls && of / 10'000 % one_in == 0 ? std::string("null") : number(of);
  };
  const int scale = grid.scale();
  std::vector<served_version> out;
  if (ways_.early) {
    const auto whole = grid.end_of(label) - to_utc(label, grid.net);
    out.push_back({to_utc(label, grid.net) + whole / 4, number(mixed(of_point + 9))});
  }
  auto from = grid.end_of(label) + scale * seconds(of_label % 150);
  // Some series of a label come later than the others.
  if (of_point % 16 == 0) from += scale * minutes(1 + of_point / 16 % (grid.is_native() ? 15 : 5));
  out.push_back({from, text(mixed(of_point), 16)});
  const auto revisions = of_point / 1000 % 8 < 5 ? 0U : of_point / 1000 % 8 == 7 ? 2U : 1U;
  for (std::uint64_t i = 1; i <= revisions; ++i) {
    from += scale * seconds(180 + mixed(of_point + i) % 900);
    out.push_back({from, text(mixed(of_point + 77 * i), 4)});
  }
  const auto settled = scale * minutes(120);  // no later value of the kind above comes then
  if (ways_.repaired && to_utc(label, grid.net) + settled < *ways_.repaired && of_point / 100 % 4 == 0)
    out.push_back({*ways_.repaired, number(mixed(of_point + 5))});
  for (std::size_t i = 1; i < out.size();) {
    if (out[i].text == out[i - 1].text) {
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  return out;
}

network_time served_world::first_at(network_time from) const {
  const auto floor = ways_.grid.floor(from);
  return floor < from ? ways_.grid.next(floor) : floor;
}

told_series served_world::series_of(const std::string& metric, const std::string& region, const time_window& window,
                                    utc_time now) const {
  const auto newest = to_network_time(now, ways_.grid.net);
  const auto end = window.end ? std::min(*window.end, newest) : newest;
  told_series out{region, {}};
  for (auto label = first_at(window.start); label < end; label = ways_.grid.next(label)) {
    std::string shown;
    for (auto& one : versions(metric, region, label)) {
      if (one.from <= now) shown = std::move(one.text);
    }
    if (!shown.empty()) out.rows.emplace_back(label, std::move(shown));
  }
  return out;
}

told_answer served_world::answer(const fetch_request& asked, utc_time now) const {
  told_answer out{ways_.grid, {}};
  for (const auto& metric : asked.metrics) {
    auto& block = out.blocks.emplace_back(told_block{metric, {}});
    for (const auto& region : regions_) {
      auto one = series_of(metric, region, asked.window, now);
      if (!one.rows.empty()) block.series.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace oes::simulation
