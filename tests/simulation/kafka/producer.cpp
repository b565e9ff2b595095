#include "simulation/kafka/producer.hpp"

#include <algorithm>
#include <utility>

namespace oes::simulation {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds linger{5};
constexpr milliseconds retry_pause{100};
constexpr std::size_t most_in_batch = 500;

// Any that keeps a key where it is.
std::int32_t partition_of(const std::string& key, std::size_t partitions) {
  std::uint64_t hash = 1469598103934665603U;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return static_cast<std::int32_t>((hash >> 20U) % partitions);
}

bool fences(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED || code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH ||
         code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING;
}

}  // namespace

simulated_producer::simulated_producer(rd_kafka_s& client)
    : client_(client), name_(client.value_of("transactional.id", "")) {
  // An idempotent one needs no init by its user.
  if (!transactional()) {
    is_ = state::open;
    who_ = {static_cast<std::int64_t>(1'000'000 + client.to.requests), 0};
  }
}

rd_kafka_resp_err_t simulated_producer::produce(queued_message message, std::int32_t wanted_partition) {
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR) return RD_KAFKA_RESP_ERR__FATAL;
  if (is_ != state::open || failed_ != RD_KAFKA_RESP_ERR_NO_ERROR) return RD_KAFKA_RESP_ERR__STATE;
  const auto known = client_.to.topics.find(message.topic->name);
  if (known == client_.to.topics.end()) return RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
  message.partition =
      wanted_partition >= 0 ? wanted_partition : partition_of(message.key, known->second.partitions.size());
  message.expires = client_.now() + client_.span_of("message.timeout.ms", milliseconds(300'000));
  const auto expires = message.expires;
  ++outstanding_;
  lanes_[{message.topic->name, message.partition}].queued.push_back(std::move(message));
  if (!std::exchange(pump_due_, true)) {
    client_.after(linger, [this] {
      pump_due_ = false;
      pump();
    });
    client_.after(std::chrono::duration_cast<microseconds>(expires - client_.now()), [this] { look_for_late(); });
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void simulated_producer::pump() {
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR || failed_ != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  if (transactional()) register_lanes();
  for (auto& [where, one] : lanes_) {
    if (!one.busy && !one.queued.empty() && (one.registered || !transactional())) send_batch(where);
  }
}

void simulated_producer::register_lanes() {
  if (registering_) return;
  std::set<topic_partition> fresh;
  for (const auto& [where, one] : lanes_) {
    if (!one.registered && !one.queued.empty()) fresh.insert(where);
  }
  if (fresh.empty()) return;
  registering_ = true;
  const auto answer = std::make_shared<rd_kafka_resp_err_t>(RD_KAFKA_RESP_ERR_NO_ERROR);
  auto arrives = [answer, fresh, &to = client_.to, name = name_, who = who_] {
    *answer = to.transactions.add(name, who, fresh);
  };
  client_.send(api_add_partitions_to_txn, std::move(arrives), [this, answer, fresh, round = round_](bool came) {
    registering_ = false;
    if (round != round_) return pump();
    if (came && fences(*answer)) return fail(*answer, true);
    if (came && *answer == RD_KAFKA_RESP_ERR_NO_ERROR) {
      for (const auto& where : fresh) lanes_[where].registered = true;
      return pump();
    }
    client_.after(retry_pause, [this] { pump(); });
  });
}

void simulated_producer::send_batch(const lane_key& where) {
  auto& one = lanes_[where];
  auto batch = std::make_shared<produced_batch>();
  batch->by = who_;
  batch->first_sequence = one.next_sequence;
  batch->transactional = transactional();
  while (!one.queued.empty() && one.flying.size() < most_in_batch) {
    auto& message = one.queued.front();
    stored_record record;
    record.key = message.key;
    if (message.payload != nullptr) record.value.emplace(static_cast<const char*>(message.payload), message.size);
    batch->records.push_back(std::move(record));
    one.flying.push_back(std::move(message));
    one.queued.pop_front();
  }
  one.next_sequence += static_cast<std::int32_t>(batch->records.size());
  one.busy = true;
  send_again(where, std::move(batch));
}

void simulated_producer::send_again(const lane_key& where, std::shared_ptr<produced_batch> batch) {
  const auto answer = std::make_shared<append_outcome>();
  auto arrives = [answer, batch, where, &to = client_.to, name = name_] {
    auto* log = to.find(where.first, where.second);
    if (log == nullptr) {
      answer->error = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    } else if (batch->transactional && !to.transactions.takes(name, batch->by, where)) {
      answer->error = RD_KAFKA_RESP_ERR_INVALID_TXN_STATE;
    } else {
      batch->at = to.on().now();
      *answer = log->append(*batch);
    }
  };
  client_.send(api_produce, std::move(arrives), [this, answer, batch, where, round = round_](bool came) {
    if (round != round_) return;
    if (came) return answered(where, *answer);
    client_.after(retry_pause, [this, where, batch, round] {
      if (round == round_ && lanes_[where].busy && fatal_ == RD_KAFKA_RESP_ERR_NO_ERROR) send_again(where, batch);
    });
  });
}

void simulated_producer::answered(const lane_key& where, const append_outcome& outcome) {
  auto& one = lanes_[where];
  one.busy = false;
  if (outcome.error != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(outcome.error, fences(outcome.error));
  auto offset = outcome.first_offset;
  for (auto& message : std::exchange(one.flying, {})) {
    report(std::move(message), RD_KAFKA_RESP_ERR_NO_ERROR, offset++);
  }
  client_.changed();
  pump();
}

void simulated_producer::report(queued_message message, rd_kafka_resp_err_t error, std::int64_t offset) {
  --outstanding_;
  deliveries_.push_back({std::move(message), error, offset});
}

void simulated_producer::drop_all(rd_kafka_resp_err_t why) {
  for (auto& [where, one] : lanes_) {
    for (auto& message : std::exchange(one.flying, {})) report(std::move(message), why, -1);
    for (auto& message : std::exchange(one.queued, {})) report(std::move(message), why, -1);
    one.busy = false;
  }
}

void simulated_producer::fail(rd_kafka_resp_err_t why, bool for_good) {
  if (for_good) fatal_ = RD_KAFKA_RESP_ERR__FENCED;
  failed_ = for_good ? RD_KAFKA_RESP_ERR__FENCED : why;
  drop_all(failed_);
  client_.changed();
}

void simulated_producer::look_for_late() {
  bool late = false;
  const auto is_late = [this](const queued_message& one) { return one.expires <= client_.now(); };
  for (const auto& [where, one] : lanes_) {
    late = late || std::any_of(one.flying.begin(), one.flying.end(), is_late) ||
           std::any_of(one.queued.begin(), one.queued.end(), is_late);
  }
  if (late) fail(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, false);
}

int simulated_producer::serve() {
  int served = 0;
  while (!deliveries_.empty()) {
    const auto one = std::move(deliveries_.front());
    deliveries_.pop_front();
    rd_kafka_message_t message{};
    message.err = one.error;
    message.rkt = one.message.topic;
    message.partition = one.message.partition;
    message.offset = one.offset;
    message._private = one.message.opaque;
    if (client_.conf.delivered != nullptr) client_.conf.delivered(&client_, &message, client_.conf.opaque);
    ++served;
  }
  return served;
}

int simulated_producer::poll(int timeout_ms) {
  const auto until = deadline_in(client_, timeout_ms);
  while (deliveries_.empty() && client_.now() < until) client_.wait(until);
  return serve();
}

rd_kafka_resp_err_t simulated_producer::flush(int timeout_ms) {
  const auto until = deadline_in(client_, timeout_ms);
  pump();
  serve();
  while (outstanding_ > 0 && client_.now() < until) {
    client_.wait(until);
    serve();
  }
  return outstanding_ == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : RD_KAFKA_RESP_ERR__TIMED_OUT;
}

void simulated_producer::purge() { drop_all(RD_KAFKA_RESP_ERR__PURGE_QUEUE); }

}  // namespace oes::simulation
