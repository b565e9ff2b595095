#include "simulation/world/state_pairs.hpp"

#include <array>
#include <iterator>
#include <string>

namespace oes::simulation {
namespace {

const std::string prefix = "pair ";

}  // namespace

void state_pairs::meet(std::string_view point, life other, std::string_view last) {
  const auto a = reinterpret_cast<std::uintptr_t>(point.data());
  const auto b = reinterpret_cast<std::uintptr_t>(last.data());
  const auto name = (a * 0x9e3779b97f4a7c15U ^ b) * 4 + static_cast<std::uint64_t>(other);
  if (known_.insert(name).second) pairs_.push_back({point, other, last});
}

void state_pairs::passed(std::size_t here, std::string_view point, const std::vector<life>& others) {
  places_.resize(others.size());
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (i != here && places_[i].had_one) meet(point, others[i], places_[i].last);
  }
  auto& own = places_[here];
  if (own.had_two) meet(point, life::dead, own.before);
  own.last = point;
}

void state_pairs::started(std::size_t here) {
  if (places_.size() <= here) places_.resize(here + 1);
  auto& one = places_[here];
  one.had_two = one.had_one;
  one.had_one = true;
  one.before = one.last;
  one.last = {};
}

void state_pairs::tell(tally& into) const {
  static constexpr std::array lives{"runs", "frozen", "dead"};
  for (const auto& one : pairs_) {
    into.seen.insert(prefix + std::string(one.point) + " | " + lives[static_cast<std::size_t>(one.other)] + " " +
                     std::string(one.last.empty() ? "at its start" : one.last));
  }
}

std::uint64_t count_pairs(const tally& had) {
  const auto behind = prefix.substr(0, prefix.size() - 1) + static_cast<char>(prefix.back() + 1);
  return static_cast<std::uint64_t>(std::distance(had.seen.lower_bound(prefix), had.seen.lower_bound(behind)));
}

}  // namespace oes::simulation
