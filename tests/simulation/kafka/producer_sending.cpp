// A producer's batches: one at a time for a partition, each sent until it is answered.
#include "simulation/kafka/producer.hpp"

#include <algorithm>
#include <utility>

namespace oes::simulation {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds resend_pause{100};
constexpr std::size_t most_in_batch = 500;

bool fences_batches(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED || code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

}  // namespace

void simulated_producer::pump() {
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR || must_abort_ != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  if (transactional()) register_lanes();
  for (auto& [where, one] : lanes_) {
    if (!one.busy() && !one.queued.empty() && seen_.contains(where.first) && (one.registered || !transactional())) {
      send_batch(where);
    }
  }
}

void simulated_producer::send_batch(const lane_key& where) {
  auto& one = lanes_[where];
  auto batch = std::make_shared<produced_batch>();
  batch->by = who_;
  batch->first_sequence = one.next_sequence;
  batch->transactional = transactional();
  while (!one.queued.empty() && one.flying.size() < most_in_batch) {
    auto& message = one.queued.front();
    // A batch holds no more than a message may.
    batch->bytes += message.size + message.key.size();
    if (batch->bytes > 1'000'000 && !batch->records.empty()) break;
    stored_record record;
    record.key = message.key;
    if (message.payload != nullptr) record.value.emplace(static_cast<const char*>(message.payload), message.size);
    batch->records.push_back(std::move(record));
    one.flying.push_back(std::move(message));
    one.queued.pop_front();
  }
  one.next_sequence += static_cast<std::int32_t>(batch->records.size());
  send_again(where, std::move(batch));
}

void simulated_producer::send_again(const lane_key& where, std::shared_ptr<produced_batch> batch) {
  const auto answer = std::make_shared<append_outcome>();
  auto arrives = [answer, batch, where, &to = client_.to, name = name_] {
    batch->at = to.on().now();
    *answer = to.append(where, name, *batch);
  };
  auto& lane_now = lanes_[where];
  lane_now.on_wire = true;
  client_.send(api_produce, std::move(arrives), [this, answer, batch, where, flight = lane_now.flight](bool came) {
    auto& one = lanes_[where];
    if (one.flight != flight) return;
    one.on_wire = false;
    if (came && answer->error != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return answered(where, *batch, *answer);
    // It may have been written.
    const auto behind = batch->first_sequence + static_cast<std::int32_t>(batch->records.size());
    if (!came) one.next_acknowledged = std::max(one.next_acknowledged, behind);
    if (came && !client_.to.topics.contains(where.first)) {
      // Metadata are asked for at once, and say so.
      hears_gone(where.first);
      return report_flying(one, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION);
    }
    if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR || must_abort_ != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return report_flying(one, RD_KAFKA_RESP_ERR__PURGE_QUEUE);
    }
    client_.after(resend_pause, [this, where, batch, flight] {
      if (lanes_[where].flight == flight) send_again(where, batch);
    });
  });
}

void simulated_producer::answered(const lane_key& where, const produced_batch& batch, const append_outcome& outcome) {
  auto& one = lanes_[where];
  if (outcome.error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    one.next_acknowledged = batch.first_sequence + static_cast<std::int32_t>(batch.records.size());
    auto offset = outcome.first_offset;
    for (auto& message : std::exchange(one.flying, {})) report(std::move(message), outcome.error, offset++);
    client_.changed();
    return pump();
  }
  if (outcome.error == RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER) return out_of_order(one, batch);
  report_flying(one, outcome.error);
  if (!transactional()) return renew();
  if (fences_batches(outcome.error)) return fail_for_good(RD_KAFKA_RESP_ERR__FENCED);
  must_abort(outcome.error, false);
}

// With all before it acknowledged, the broker has lost something; else this is what a failure before has left.
void simulated_producer::out_of_order(lane& one, const produced_batch& batch) {
  if (batch.first_sequence <= one.next_acknowledged) {
    report_flying(one, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    return fail_for_good(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
  }
  if (transactional()) {
    report_flying(one, RD_KAFKA_RESP_ERR__PURGE_QUEUE);
    return must_abort(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, true);
  }
  while (!one.flying.empty()) {
    one.queued.push_front(std::move(one.flying.back()));
    one.flying.pop_back();
  }
  ++one.flight;
  renew();
  pump();
}

}  // namespace oes::simulation
