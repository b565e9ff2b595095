// What a script's process does as a producer.
#include "publish/client_properties.hpp"
#include "simulation/conformance/actor/actor.hpp"

namespace oes::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

int as_ms(milliseconds span) { return static_cast<int>(span.count()); }

std::string incompressible(std::size_t size) {
  std::string out(size, 0);
  std::uint32_t state = 1;
  for (auto& byte : out) byte = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
  return out;
}

}  // namespace

actor::facts actor::make_producer(const step& one) {
  auto settings = settings_of(one);
  if (one.word(0) == "idempotent") settings.delivery = delivery_guarantee::at_least_once;
  producer_ = new_client(RD_KAFKA_PRODUCER, producer_properties(settings, client_id()));
  return producer_ ? facts{} : facts{"no client"};
}

actor::facts actor::init(const step& one) {
  return {told(rd_kafka_init_transactions(producer_.get(), as_ms(one.span(0, seconds(20)))))};
}

actor::facts actor::begin() { return {told(rd_kafka_begin_transaction(producer_.get()))}; }

actor::facts actor::produce(const step& one) {
  const auto [topic, partition] = parse_place(one.word(0));
  auto& message = sent_.emplace_back(sent{this, topic, one.word(1), one.word(2)});
  if (const auto size = one.option("size", ""); !size.empty()) message.value = incompressible(std::stoul(size));
  const bool tombstone = message.value == "-";
  const int failed =
      rd_kafka_produce(handle(producer_.get(), topic), partition, 0, tombstone ? nullptr : message.value.data(),
                       tombstone ? 0 : message.value.size(), message.key.data(), message.key.size(), &message);
  return {failed == 0 ? "ok" : told(rd_kafka_last_error())};
}

void actor::on_delivery(rd_kafka_t* /*client*/, const rd_kafka_message_t* message, void* /*opaque*/) {
  const auto* what = static_cast<const sent*>(message->_private);
  const auto place = what->topic + "/" + std::to_string(message->partition);
  const auto how =
      message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? "@" + std::to_string(message->offset) : told(message->err);
  what->by->delivered_[{what->topic, message->partition}].push_back(place + " " + what->key + " " + how);
}

// Those of a partition in their order; which partition comes first is chance.
actor::facts actor::take_deliveries() {
  facts out;
  for (auto& [where, all] : delivered_) out.insert(out.end(), all.begin(), all.end());
  delivered_.clear();
  return out;
}

actor::facts actor::flush(const step& one) {
  facts out{told(rd_kafka_flush(producer_.get(), as_ms(one.span(0, seconds(20)))))};
  const auto came = take_deliveries();
  out.insert(out.end(), came.begin(), came.end());
  return out;
}

actor::facts actor::poll(const step& one) {
  rd_kafka_poll(producer_.get(), as_ms(one.span(0, milliseconds(100))));
  return take_deliveries();
}

actor::facts actor::commit(const step& one) {
  return {told(rd_kafka_commit_transaction(producer_.get(), as_ms(one.span(0, seconds(20)))))};
}

actor::facts actor::abort(const step& one) {
  facts out{told(rd_kafka_abort_transaction(producer_.get(), as_ms(one.span(0, seconds(20)))))};
  const auto came = take_deliveries();
  out.insert(out.end(), came.begin(), came.end());
  return out;
}

actor::facts actor::purge() {
  facts out{told(rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT))};
  rd_kafka_poll(producer_.get(), 100);
  const auto came = take_deliveries();
  out.insert(out.end(), came.begin(), came.end());
  return out;
}

actor::facts actor::fatal() { return {told(rd_kafka_fatal_error(producer_.get(), nullptr, 0))}; }

actor::facts actor::end_producer() {
  std::erase_if(topics_, [this](const auto& one) { return one.first.first == producer_.get(); });
  producer_.reset();
  return {};
}

}  // namespace oes::conformance
