#include "telemetry/seating.hpp"

#include <algorithm>
#include <utility>

namespace oes {

seating::seat seating::take(const boost::asio::ip::address& peer, std::function<void()> leave) {
  make_room(peer);
  sitting_.push_back({peer, std::move(leave)});
  return {*this, std::prev(sitting_.end())};
}

// Those that wait for a request go first: who is being answered is soon done.
void seating::make_room(const boost::asio::ip::address& peer) {
  std::size_t all = 0;
  std::size_t of_peer = 0;
  for (const auto& one : sitting_) {
    if (one.asked_to_leave) continue;
    ++all;
    if (one.peer == peer) ++of_peer;
  }
  const bool peer_is_greedy = of_peer >= most_of_a_peer_;
  if (!peer_is_greedy && all < most_) return;
  const auto may_go = [&](const guest& one) { return !one.asked_to_leave && (!peer_is_greedy || one.peer == peer); };
  auto goes =
      std::find_if(sitting_.begin(), sitting_.end(), [&](const guest& one) { return one.waits && may_go(one); });
  if (goes == sitting_.end()) goes = std::find_if(sitting_.begin(), sitting_.end(), may_go);
  goes->asked_to_leave = true;
  goes->leave();
}

void seating::seat::waits() {
  at_->waits = true;
  of_.sitting_.splice(of_.sitting_.end(), of_.sitting_, at_);
}

}  // namespace oes
