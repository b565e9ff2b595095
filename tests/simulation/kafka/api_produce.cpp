// rd_kafka_… of producers.
#include <cstdarg>

#include "simulation/kafka/client.hpp"
#include "simulation/kafka/producer.hpp"

using namespace oes::simulation;

namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): librdkafka's is of the thread
rd_kafka_resp_err_t last = RD_KAFKA_RESP_ERR_NO_ERROR;

}  // namespace

extern "C" {

rd_kafka_resp_err_t rd_kafka_last_error() { return last; }

int rd_kafka_produce(rd_kafka_topic_t* topic, int32_t partition, int /*flags*/, void* payload, size_t size,
                     const void* key, size_t key_size, void* opaque) {
  queued_message message{topic, 0, std::string(static_cast<const char*>(key), key_size), payload, size, opaque, {}};
  last = topic->client->producer->produce(std::move(message), partition);
  return last == RD_KAFKA_RESP_ERR_NO_ERROR ? 0 : -1;
}

rd_kafka_resp_err_t rd_kafka_producev(rd_kafka_t* client, ...) {
  queued_message message;
  std::int32_t partition = RD_KAFKA_PARTITION_UA;
  va_list list;
  va_start(list, client);
  for (int tag = va_arg(list, int); tag != RD_KAFKA_VTYPE_END; tag = va_arg(list, int)) {
    switch (tag) {
      case RD_KAFKA_VTYPE_RKT:
        message.topic = va_arg(list, rd_kafka_topic_t*);
        break;
      case RD_KAFKA_VTYPE_PARTITION:
        partition = va_arg(list, std::int32_t);
        break;
      case RD_KAFKA_VTYPE_VALUE:
        message.payload = va_arg(list, void*);
        message.size = va_arg(list, size_t);
        break;
      case RD_KAFKA_VTYPE_KEY: {
        const auto* key = va_arg(list, const char*);
        message.key.assign(key, va_arg(list, size_t));
        break;
      }
      case RD_KAFKA_VTYPE_OPAQUE:
        message.opaque = va_arg(list, void*);
        break;
      case RD_KAFKA_VTYPE_MSGFLAGS:
        static_cast<void>(va_arg(list, int));
        break;
      case RD_KAFKA_VTYPE_HEADER:
        static_cast<void>(va_arg(list, const char*));
        static_cast<void>(va_arg(list, const void*));
        static_cast<void>(va_arg(list, ssize_t));
        break;
      default:
        va_end(list);
        return RD_KAFKA_RESP_ERR__INVALID_ARG;
    }
  }
  va_end(list);
  return client->producer->produce(std::move(message), partition);
}

int rd_kafka_poll(rd_kafka_t* client, int timeout_ms) {
  if (client->producer) return client->producer->poll(timeout_ms);
  if (timeout_ms > 0) client->wait(deadline_in(*client, timeout_ms));
  return 0;
}

rd_kafka_resp_err_t rd_kafka_flush(rd_kafka_t* client, int timeout_ms) { return client->producer->flush(timeout_ms); }

rd_kafka_resp_err_t rd_kafka_purge(rd_kafka_t* client, int /*flags*/) {
  if (client->producer) client->producer->purge();
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_fatal_error(rd_kafka_t* client, char* /*text*/, size_t /*size*/) {
  return client->producer ? client->producer->fatal() : RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_error_t* rd_kafka_init_transactions(rd_kafka_t* client, int timeout_ms) {
  return client->producer->init(timeout_ms);
}
rd_kafka_error_t* rd_kafka_begin_transaction(rd_kafka_t* client) { return client->producer->begin(); }
rd_kafka_error_t* rd_kafka_commit_transaction(rd_kafka_t* client, int timeout_ms) {
  return client->producer->commit(timeout_ms);
}
rd_kafka_error_t* rd_kafka_abort_transaction(rd_kafka_t* client, int timeout_ms) {
  return client->producer->abort(timeout_ms);
}

}  // extern "C"
