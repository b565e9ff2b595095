#include "report/chart_sources.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace oes {
namespace {

std::optional<std::chrono::seconds> step_of(interval_size interval) {
  if (interval == interval_size::m5) return std::chrono::minutes(5);
  if (interval == interval_size::h1) return std::chrono::hours(1);
  return std::nullopt;
}

bool is_of_all_fueltechs(const group_identity& id) {
  const bool by_fueltech =
      id.secondary == secondary_grouping::fueltech || id.secondary == secondary_grouping::fueltech_group;
  return by_fueltech && id.filter.fueltechs.empty() && id.filter.fueltech_groups.empty();
}

std::optional<chart_part> part_of(const group_identity& id, const std::string& metric) {
  if (id.shape != record_shape::long_form || id.from == endpoint::facility) return std::nullopt;
  if (metric == "power" && is_of_all_fueltechs(id)) return chart_part::generation;
  if (metric == "price") return chart_part::price;
  return std::nullopt;
}

// The smallest is taken.
auto rank(const request_group& group, const chart_source& source) {
  const bool by_group = group.identity.secondary == secondary_grouping::fueltech_group;
  return std::tuple(!source.scope.empty(), source.step, !by_group, source.stream);
}

}  // namespace

std::vector<chart_source> chart_sources(const std::vector<request_group>& groups) {
  std::map<std::pair<network, chart_part>, std::pair<const request_group*, chart_source>> best;
  for (const auto& group : groups) {
    const auto step = step_of(group.identity.interval);
    if (!step) continue;
    for (const auto& member : group.members) {
      const auto part = part_of(group.identity, member.metric());
      if (!part) continue;
      chart_source offered{
          group.identity.net, *part, member.stream(), member.metric(), {}, group.identity.filter.network_region, *step};
      const auto [known, is_first] = best.try_emplace({group.identity.net, *part}, &group, offered);
      auto& [of, source] = known->second;
      if (is_first || rank(group, offered) >= rank(*of, source)) continue;
      of = &group;
      source = offered;
    }
  }
  std::vector<chart_source> out;
  for (auto& [where, chosen] : best) out.push_back(std::move(chosen.second));
  return out;
}

}  // namespace oes
