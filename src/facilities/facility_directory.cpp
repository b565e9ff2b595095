#include "facilities/facility_directory.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>
#include <vector>

#include "async/race.hpp"

namespace oes {
namespace {

// Longer than the list takes; then the group says what it waits for, and tries again as after any failure.
constexpr auto patience = std::chrono::seconds(5);

constexpr auto asked_for_longer = std::chrono::days(7);

}  // namespace

void facility_directory::learn(facility_list list, run_time at) {
  const auto code_of = [](const facility_unit& unit) { return unit_code_pair(unit.facility_code, unit.unit_code); };
  const auto earlier = [&](const facility_unit& a, const facility_unit& b) { return code_of(a) < code_of(b); };
  std::set<unit_code_pair> told;
  for (const auto& unit : list.units) told.insert(code_of(unit));
  std::map<unit_code_pair, run_time> left_out_since;
  auto asked = list;
  const auto before = list_ ? std::move(list_->units) : std::vector<facility_unit>();
  for (const auto& unit : before) {
    if (told.contains(code_of(unit))) continue;
    const auto known = left_out_since_.find(code_of(unit));
    const auto since = known == left_out_since_.end() ? at : known->second;
    if (at - since >= asked_for_longer) continue;
    left_out_since.emplace(code_of(unit), since);
    asked.units.push_back(unit);
  }
  std::sort(asked.units.begin(), asked.units.end(), earlier);
  left_out_since_ = std::move(left_out_since);
  told_ = std::move(list);
  list_ = std::move(asked);
  learnt_at_ = at;
  of_this_term_ = true;
  known_.set();
}

boost::asio::awaitable<result<void>> facility_directory::wait(event& tap) {
  if (list_) co_return result<void>();
  auto known = known_.wait_for(patience);
  auto stop = tap.wait();
  auto racing = race(std::move(known), std::move(stop));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return error{errc::stopped, "stopped"};
  if (list_) co_return result<void>();
  error why = why_not_;
  why.context = "waiting for the list of facilities: " + why.context;
  co_return why;
}

}  // namespace oes
