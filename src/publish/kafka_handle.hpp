#pragma once
// librdkafka's objects, each with one owner. Only publish/*.cpp and their tests include this.
#include <librdkafka/rdkafka.h>

#include <memory>

namespace oes {

template <auto Destroy>
struct kafka_delete {
  template <class T>
  void operator()(T* object) const {
    Destroy(object);
  }
};

using kafka_error = std::unique_ptr<rd_kafka_error_t, kafka_delete<rd_kafka_error_destroy>>;
using kafka_conf = std::unique_ptr<rd_kafka_conf_t, kafka_delete<rd_kafka_conf_destroy>>;
using kafka_queue = std::unique_ptr<rd_kafka_queue_t, kafka_delete<rd_kafka_queue_destroy>>;
using kafka_event = std::unique_ptr<rd_kafka_event_t, kafka_delete<rd_kafka_event_destroy>>;
using kafka_topic = std::unique_ptr<rd_kafka_topic_t, kafka_delete<rd_kafka_topic_destroy>>;
using kafka_partitions =
    std::unique_ptr<rd_kafka_topic_partition_list_t, kafka_delete<rd_kafka_topic_partition_list_destroy>>;

/// Ends without waiting for a broker: what is queued or in flight is dropped, a group is left to its session timeout.
/// When it returns, no thread of librdkafka reads a payload any more.
struct kafka_client_delete {
  void operator()(rd_kafka_t* client) const {
    if (rd_kafka_type(client) == RD_KAFKA_PRODUCER) {
      rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
    }
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  }
};
using kafka_client = std::unique_ptr<rd_kafka_t, kafka_client_delete>;

}  // namespace oes
