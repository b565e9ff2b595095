#include "simulation/world/followed.hpp"

#include <algorithm>
#include <utility>

namespace oes::simulation {
namespace {

// When the first record of a label came, whatever its region.
std::map<network_time, virtual_time> first_seen(const found_points& found, const follow_question& q) {
  std::map<network_time, virtual_time> out;
  for (const auto& [point, records] : found) {
    if (std::get<0>(point) != q.topic || std::get<1>(point) != q.metric) continue;
    const auto [place, fresh] = out.try_emplace(std::get<3>(point), records.front().at);
    if (!fresh) place->second = std::min(place->second, records.front().at);
  }
  return out;
}

}  // namespace

rising_edge::rising_edge(std::vector<std::pair<virtual_time, network_time>> seen) : rises_(std::move(seen)) {
  std::sort(rises_.begin(), rises_.end());
  auto newest = network_time::min();
  for (auto& [at, label] : rises_) newest = label = std::max(newest, label);
}

rising_edge rising_edge::of_records(const found_points& found, const std::string& topic, const std::string& metric) {
  std::vector<std::pair<virtual_time, network_time>> seen;
  for (const auto& [point, records] : found) {
    if (std::get<0>(point) == topic && std::get<1>(point) == metric)
      seen.emplace_back(records.front().at, std::get<3>(point));
  }
  return rising_edge(std::move(seen));
}

rising_edge rising_edge::of_answers(const std::vector<served_answer>& log, const std::string& metric) {
  std::vector<std::pair<virtual_time, network_time>> seen;
  for (const auto& answer : log) {
    for (const auto& [point, number] : answer.shown) {
      if (std::get<0>(point) == metric) seen.emplace_back(answer.at, std::get<2>(point));
    }
  }
  return rising_edge(std::move(seen));
}

network_time rising_edge::at(virtual_time when) const {
  const auto after = std::upper_bound(rises_.begin(), rises_.end(), std::pair{when, network_time::max()});
  return after == rises_.begin() ? network_time::min() : std::prev(after)->second;
}

bool had_to_be_followed(const served_answer& answer, const std::vector<writer_event>& writers) {
  const auto after = std::find_if(writers.begin(), writers.end(), [&](const auto& one) { return one.at > answer.at; });
  if (after == writers.begin() || std::prev(after)->who != answer.to) return false;
  for (auto one = after; one != writers.end() && one->who == answer.to; ++one) {
    if (one->committed) return true;
  }
  return false;
}

std::map<std::pair<std::string, network_time>, std::string> last_told(const follow_question& q,
                                                                      const std::vector<served_answer>& log,
                                                                      const std::vector<writer_event>& writers,
                                                                      const found_points& found) {
  std::map<std::pair<std::string, network_time>, std::string> out;
  const auto edges = rising_edge::of_records(found, q.topic, q.metric);
  const auto seen = first_seen(found, q);
  for (const auto& answer : log) {
    if (answer.api_at > q.until || std::ranges::find(answer.metrics, q.metric) == answer.metrics.end()) continue;
    if (!q.asked_with.empty() && answer.metrics != q.asked_with) continue;
    if (!had_to_be_followed(answer, writers)) continue;
    const auto edge = edges.at(answer.at);
    const auto compared = edge == network_time::min() ? edge : q.grid.next(edge) - q.compared;
    // A request for gaps alone also tells of the labels between them.
    const bool for_gaps = answer.asked.end && *answer.asked.end <= compared;
    const auto take = [&](const served_point& point, const std::string& number) {
      const auto& [metric, region, label] = point;
      if (metric != q.metric) return;
      // The last label of a request with an end proves the one before it, and is asked for again by whom it concerns.
      if (answer.asked.end && q.grid.next(label) >= *answer.asked.end) return;
      const auto here = seen.find(label);
      const bool is_gap = for_gaps && (here == seen.end() || here->second > answer.at);
      if (label >= compared || is_gap) out[{region, label}] = number;
    };
    for (const auto& [point, number] : answer.shown) take(point, number);
    for (const auto& point : answer.left_out) take(point, "");
  }
  return out;
}

}  // namespace oes::simulation
