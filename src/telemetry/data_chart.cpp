#include "telemetry/data_chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace oes {
namespace {

constexpr auto shown = std::chrono::hours(24);
// A series that has said nothing for so long has ended: nobody waits for it. A younger silence is lateness.
constexpr auto ended_after = std::chrono::hours(2);
// Of one source. With 24 h of five-minute values that is 150 kB.
constexpr std::size_t most_series = 128;
constexpr std::size_t most_sources = 6;  // two of each network

constexpr float none = std::numeric_limits<float>::quiet_NaN();

}  // namespace

std::size_t data_chart::slots(const chart_source& source) { return static_cast<std::size_t>(shown / source.step); }

std::size_t data_chart::slot_of(const chart_source& source, network_time label) {
  const auto index = label.time_since_epoch() / source.step;
  return static_cast<std::size_t>(index) % slots(source);
}

void data_chart::follow(std::vector<chart_source> sources) {
  std::vector<kept_source> next;
  for (auto& source : sources) {
    if (next.size() == most_sources) break;
    const auto same = std::find_if(kept_.begin(), kept_.end(), [&](const kept_source& one) {
      auto known = one.source;
      known.unit = source.unit;
      return known == source;
    });
    if (same != kept_.end()) {
      next.push_back(std::move(*same));
    } else {
      next.push_back({std::move(source), {}, std::nullopt});
    }
  }
  kept_ = std::move(next);
}

std::vector<std::size_t> data_chart::sources_of(const std::string& stream, const std::string& metric) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (kept_[i].source.stream == stream && kept_[i].source.metric == metric) found.push_back(i);
  }
  return found;
}

network_time data_chart::useful_from(std::size_t index, network_time newest) const {
  const auto& kept = kept_.at(index);
  return std::max(newest, kept.newest.value_or(newest)) - shown + kept.source.step;
}

// What is a day older than the newest label is forgotten.
void data_chart::make_room(kept_source& kept, network_time label) {
  if (kept.newest && label <= *kept.newest) return;
  const auto all = slots(kept.source);
  if (kept.newest) {
    const auto passed = static_cast<std::size_t>((label - *kept.newest) / kept.source.step);
    for (auto& [who, one] : kept.series) {
      for (std::size_t i = 1; i <= std::min(passed, all); ++i) {
        one.values[slot_of(kept.source, *kept.newest + i * kept.source.step)] = none;
      }
    }
  }
  kept.newest = label;
  std::erase_if(kept.series, [&](const auto& one) { return one.second.last <= label - shown; });
}

void data_chart::add(std::size_t index, const std::string& layer, const std::string& series, network_time label,
                     std::optional<double> value) {
  auto& kept = kept_.at(index);
  if (label < useful_from(index, label)) return;
  make_room(kept, label);
  const std::pair<std::string, std::string> who(layer, series);
  auto found = kept.series.find(who);
  if (!value) {  // not there
    if (found != kept.series.end()) found->second.values[slot_of(kept.source, label)] = none;
    return;
  }
  if (found == kept.series.end()) {
    if (kept.series.size() == most_series) return;
    found = kept.series.emplace(who, cells{label, label, std::vector<float>(slots(kept.source), none)}).first;
  }
  auto& one = found->second;
  one.first = std::min(one.first, label);
  one.last = std::max(one.last, label);
  one.values[slot_of(kept.source, label)] = static_cast<float>(*value);
}

std::vector<chart_curves> data_chart::curves(utc_time now) const {
  std::vector<chart_curves> out;
  for (const auto& kept : kept_) {
    chart_curves part{kept.source, {}, {}, 0};
    const auto& step = kept.source.step;
    const auto here = to_network_time(now, kept.source.net);
    const auto last = network_time(here.time_since_epoch() / step * step);
    const auto count = slots(kept.source);
    part.first = last - static_cast<std::int64_t>(count - 1) * step;
    for (const auto& [who, one] : kept.series) {
      if (part.layers.empty() || part.layers.back().name != who.first) {
        part.layers.push_back({who.first, std::vector<float>(count, none)});
      }
    }
    for (std::size_t i = 0; kept.newest && i < count; ++i) {
      const auto label = part.first + static_cast<std::int64_t>(i) * step;
      if (label > *kept.newest || label <= *kept.newest - shown) continue;
      const auto slot = slot_of(kept.source, label);
      const bool whole = std::all_of(kept.series.begin(), kept.series.end(), [&](const auto& entry) {
        const auto& one = entry.second;
        const bool expected = one.first <= label && (one.last >= label || one.last > *kept.newest - ended_after);
        return !expected || kept.source.part == chart_part::price || !std::isnan(one.values[slot]);
      });
      if (!whole) continue;
      bool any = false;
      for (const auto& [who, one] : kept.series) {
        if (std::isnan(one.values[slot])) continue;
        const auto layer = std::find_if(part.layers.begin(), part.layers.end(),
                                        [name = &who.first](const chart_layer& l) { return l.name == *name; });
        auto& sum = layer->values[i];
        sum = std::isnan(sum) ? one.values[slot] : sum + one.values[slot];
        any = true;
      }
      if (any) ++part.complete;
    }
    out.push_back(std::move(part));
  }
  return out;
}

std::size_t data_chart::bytes() const {
  std::size_t sum = sizeof(*this);
  for (const auto& kept : kept_) {
    for (const auto& [who, one] : kept.series) {
      sum += sizeof(one) + who.first.size() + who.second.size() + one.values.size() * sizeof(float);
    }
  }
  return sum;
}

}  // namespace oes
