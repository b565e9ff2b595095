#include "kafka/kafka_handle.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <utility>

#include "async/own_thread.hpp"

namespace oes {
namespace {

constexpr auto patience_with_an_end = std::chrono::seconds(1);

// Its owner may be gone before its last thread: what that still follows goes with it.
void end_consumer(rd_kafka_t* client, std::shared_ptr<const void> opaque) {
  rd_kafka_set_log_level(client, 0);
  auto gone = std::make_shared<std::promise<void>>();
  const auto ended = gone->get_future();
  start_own_thread("the end of a Kafka consumer", [client, gone, opaque = std::move(opaque)] {
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    gone->set_value();
  });
  static_cast<void>(ended.wait_for(patience_with_an_end));
}

}  // namespace

void kafka_client_delete::operator()(rd_kafka_t* client) const {
  if (rd_kafka_type(client) == RD_KAFKA_CONSUMER) {
    end_consumer(client, opaque);
    return;
  }
  rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

}  // namespace oes
