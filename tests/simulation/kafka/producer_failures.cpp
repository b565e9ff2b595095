// What becomes of a producer's messages, and of the producer, where something fails.
#include "simulation/kafka/producer.hpp"

#include <algorithm>
#include <utility>

namespace oes::simulation {

void simulated_producer::report(queued_message message, rd_kafka_resp_err_t error, std::int64_t offset) {
  --outstanding_;
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) ++undelivered_;
  deliveries_.push_back({std::move(message), error, offset});
}

void simulated_producer::report_flying(lane& one, rd_kafka_resp_err_t why) {
  ++one.flight;
  one.on_wire = false;
  for (auto& message : std::exchange(one.flying, {})) report(std::move(message), why, -1);
  client_.changed();
}

// What is on its way is waited for.
void simulated_producer::drop_unsent(rd_kafka_resp_err_t why) {
  for (auto& [where, one] : lanes_) {
    if (!one.flying.empty() && !one.on_wire) {
      new_epoch_ = true;
      report_flying(one, why);
    }
    for (auto& message : std::exchange(one.queued, {})) report(std::move(message), why, -1);
  }
}

void simulated_producer::fail_for_good(rd_kafka_resp_err_t why) {
  if (fatal_ == RD_KAFKA_RESP_ERR_NO_ERROR) fatal_ = why;
  drop_unsent(RD_KAFKA_RESP_ERR__PURGE_QUEUE);
  client_.changed();
}

void simulated_producer::must_abort(rd_kafka_resp_err_t why, bool new_epoch) {
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR || !transactional()) return;
  new_epoch_ = new_epoch_ || new_epoch;
  if (must_abort_ != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  must_abort_ = why;
  drop_unsent(RD_KAFKA_RESP_ERR__PURGE_QUEUE);
  client_.changed();
}

// One without transactions goes on as another one, so that no gap is left.
void simulated_producer::renew() {
  who_ = {client_.to.next_producer_id++, 0};
  for (auto& [where, one] : lanes_) one.next_sequence = one.next_acknowledged = 0;
}

void simulated_producer::watch_lateness(virtual_time expires) {
  if (std::exchange(lateness_watched_, true)) return;
  client_.after(std::chrono::ceil<std::chrono::microseconds>(expires - client_.now()), [this] {
    lateness_watched_ = false;
    look_for_late();
  });
}

// Of a partition the oldest is the first.
void simulated_producer::look_for_late() {
  std::optional<virtual_time> next;
  for (auto& [where, one] : lanes_) {
    const auto is_late = [this](const std::deque<queued_message>& all) {
      return !all.empty() && all.front().expires <= client_.now();
    };
    if (is_late(one.flying)) {
      // Which of them were written is not known: the next ones need another epoch.
      report_flying(one, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT);
      transactional() ? must_abort(RD_KAFKA_RESP_ERR__TIMED_OUT, true) : renew();
    }
    const bool unsent = is_late(one.queued) && seen_.contains(where.first);
    while (is_late(one.queued)) {
      report(std::move(one.queued.front()), RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, -1);
      one.queued.pop_front();
    }
    if (unsent) must_abort(RD_KAFKA_RESP_ERR__TIMED_OUT, true);
    for (const auto* all : {&one.flying, &one.queued}) {
      if (!all->empty()) next = std::min(next.value_or(all->front().expires), all->front().expires);
    }
  }
  client_.changed();
  if (next) watch_lateness(*next);
}

}  // namespace oes::simulation
