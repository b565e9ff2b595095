#include "facilities/facility_directory.hpp"

#include <chrono>
#include <utility>

#include "async/race.hpp"

namespace oes {
namespace {

// Longer than the list takes; then the group says what it waits for, and tries again as after any failure.
constexpr auto patience = std::chrono::seconds(5);

}  // namespace

void facility_directory::learn(facility_list list, run_time at) {
  list_ = std::move(list);
  learnt_at_ = at;
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
