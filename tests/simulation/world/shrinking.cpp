#include "simulation/world/shrinking.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace oes::simulation {
namespace {

using change = std::function<void(world_plan&)>;

// What makes a world simpler, whatever it has.
std::vector<change> simpler() {
  const world_plan plain;
  return {
      [](world_plan& p) { p.loss = {}; },
      [](world_plan& p) { p.loss.dies = false; },
      [](world_plan& p) { p.repaired.reset(); },
      [](world_plan& p) { p.api_lying = 0; },
      [](world_plan& p) { p.api_failing = 0; },
      [](world_plan& p) { p.request_lost = 0; },
      [](world_plan& p) { p.reply_lost = 0; },
      [](world_plan& p) { p.request_late = 0; },
      [](world_plan& p) { p.stable_lag = {}; },
      [](world_plan& p) { p.impatient = false; },
      [](world_plan& p) { p.one_topic = false; },
      [](world_plan& p) { p.wide = false; },
      [](world_plan& p) { p.nulls = p.publish_nulls = false; },
      [](world_plan& p) { p.first_only = false; },
      [](world_plan& p) { p.by_network = false; },
      [](world_plan& p) { p.provisional = false; },
      [](world_plan& p) { p.at_least_once = false; },
      [](world_plan& p) { p.credits.reset(); },
      [](world_plan& p) { p.list_every = {}; },
      [](world_plan& p) { p.tombstones = false; },
      [](world_plan& p) { p.grid.net = network::nem; },
      [](world_plan& p) { p.re_reads.clear(); },
      [](world_plan& p) { p.regions = 1; },
      [](world_plan& p) { p.data_partitions = 1; },
      [plain](world_plan& p) { p.max_transaction_records = plain.max_transaction_records; },
      [plain](world_plan& p) { p.idle_retirement = plain.idle_retirement; },
      [plain](world_plan& p) { p.gap_retry = plain.gap_retry; },
      [plain](world_plan& p) { p.every = plain.every; },
      [](world_plan& p) {
        const bool used = std::ranges::any_of(p.troubles, [&](const auto& t) { return t.instance == p.instances - 1; });
        if (p.instances > 1 && !used) --p.instances;
      },
  };
}

// One trouble or stream less.
std::vector<change> fewer(const world_plan& plan) {
  std::vector<change> out;
  for (std::size_t i = plan.troubles.size(); i > 0; --i) {
    out.emplace_back([i](world_plan& p) { p.troubles.erase(p.troubles.begin() + static_cast<std::ptrdiff_t>(i) - 1); });
  }
  for (std::size_t i = plan.wishes.size(); i > 0; --i) {
    out.emplace_back([i](world_plan& p) { p.wishes.erase(p.wishes.begin() + static_cast<std::ptrdiff_t>(i) - 1); });
  }
  for (std::size_t i = plan.changes.size(); i > 0; --i) {
    out.emplace_back([i](world_plan& p) { p.changes.erase(p.changes.begin() + static_cast<std::ptrdiff_t>(i) - 1); });
  }
  const bool named = !plan.wishes.empty() || !plan.changes.empty();  // streams are named by their place
  for (std::size_t i = plan.streams.size(); i > 0 && plan.streams.size() > 1 && !named; --i) {
    out.emplace_back([i](world_plan& p) { p.streams.erase(p.streams.begin() + static_cast<std::ptrdiff_t>(i) - 1); });
  }
  return out;
}

}  // namespace

world_plan shrunken(world_plan plan, const std::function<bool(const world_plan&)>& violated) {
  for (bool smaller = true; std::exchange(smaller, false);) {
    auto changes = fewer(plan);
    const auto others = simpler();
    changes.insert(changes.end(), others.begin(), others.end());
    for (const auto& one : changes) {
      auto tried = plan;
      one(tried);
      if (describe(tried) == describe(plan) || !violated(tried)) continue;
      plan = std::move(tried);
      smaller = true;
      break;
    }
  }
  return plan;
}

}  // namespace oes::simulation
