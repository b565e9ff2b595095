#include "simulation/kafka/producer.hpp"

#include <algorithm>
#include <utility>

namespace oes::simulation {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds linger{5};
constexpr std::size_t largest_message = 1'000'000;  ///< message.max.bytes, as it is by default

// Any that keeps a key where it is.
std::int32_t partition_of(const std::string& key, std::size_t partitions) {
  std::uint64_t hash = 1469598103934665603U;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return static_cast<std::int32_t>((hash >> 20U) % partitions);
}

}  // namespace

simulated_producer::simulated_producer(rd_kafka_s& client)
    : client_(client), name_(client.value_of("transactional.id", "")) {
  if (transactional()) return;
  // An idempotent one needs no init by its user.
  is_ = state::open;
  renew();
}

std::optional<rd_kafka_resp_err_t> simulated_producer::refused_here(const queued_message& message,
                                                                    std::int32_t wanted_partition) const {
  if (fatal_ != RD_KAFKA_RESP_ERR_NO_ERROR) return RD_KAFKA_RESP_ERR__FATAL;
  if (is_ != state::open || must_abort_ != RD_KAFKA_RESP_ERR_NO_ERROR) return RD_KAFKA_RESP_ERR__STATE;
  if (message.size + message.key.size() > largest_message) return RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
  const auto& topic = message.topic->name;
  if (client_.to.refuses("Describe topic", topic)) return RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
  const bool there = client_.to.topics.contains(topic);
  // One that was never seen may have been made just now: it is waited for.
  if (!there && gone_.contains(topic)) return RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
  if (there && wanted_partition >= static_cast<std::int32_t>(client_.to.topics.at(topic).partitions.size())) {
    return RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
  }
  return std::nullopt;
}

rd_kafka_resp_err_t simulated_producer::produce(queued_message message, std::int32_t wanted_partition) {
  if (const auto refused = refused_here(message, wanted_partition)) return *refused;
  const auto& topic = message.topic->name;
  const auto there = client_.to.topics.find(topic);
  if (there != client_.to.topics.end()) seen_[topic] = there->second.partitions.size();
  const auto known = seen_.find(topic);
  message.partition = wanted_partition;
  if (wanted_partition < 0 && known != seen_.end()) message.partition = partition_of(message.key, known->second);
  message.expires = client_.now() + client_.span_of("message.timeout.ms", milliseconds(300'000));
  watch_lateness(message.expires);
  ++outstanding_;
  lanes_[{topic, message.partition}].queued.push_back(std::move(message));
  if (!std::exchange(pump_due_, true)) {
    client_.after(linger, [this] {
      pump_due_ = false;
      pump();
    });
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
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

// What has sequence numbers keeps them: the next batch of its partition leaves a gap.
void simulated_producer::purge() {
  for (auto& [where, one] : lanes_) {
    report_flying(one, one.on_wire ? RD_KAFKA_RESP_ERR__PURGE_INFLIGHT : RD_KAFKA_RESP_ERR__PURGE_QUEUE);
  }
  drop_unsent(RD_KAFKA_RESP_ERR__PURGE_QUEUE);
  client_.changed();
}

}  // namespace oes::simulation
