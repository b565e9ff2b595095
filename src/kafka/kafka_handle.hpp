#pragma once
// librdkafka's objects, each with one owner. Only rooms that talk to Kafka, and their tests, include this.
#include <librdkafka/rdkafka.h>

#include <memory>
#include <string_view>

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
using kafka_message = std::unique_ptr<rd_kafka_message_t, kafka_delete<rd_kafka_message_destroy>>;
using kafka_partitions =
    std::unique_ptr<rd_kafka_topic_partition_list_t, kafka_delete<rd_kafka_topic_partition_list_destroy>>;

struct kafka_metadata_delete {
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};
using kafka_metadata = std::unique_ptr<const rd_kafka_metadata_t, kafka_metadata_delete>;

/// Ends without waiting for a broker: what is queued or in flight is dropped, a group is left to its session
/// timeout. A producer: when it returns, no thread of librdkafka reads a payload any more. A consumer: it returns
/// within a second. librdkafka's own end may never come: before 2.1 where a partition was lost (release notes
/// of 2.1.0), in some later versions where a topic or a broker is gone (its issues 4362, 4519). Such a client is left
/// behind with its threads, and says nothing more.
struct kafka_client_delete {
  void operator()(rd_kafka_t* client) const;
  std::shared_ptr<const void> opaque = {};  ///< what the client's callbacks follow: kept until its last thread is gone
};
using kafka_client = std::unique_ptr<rd_kafka_t, kafka_client_delete>;

/// Key or value of a message; one that is not there is empty.
inline std::string_view bytes_of(const void* data, std::size_t size) {
  return data == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
}

/// Of a message: the batch there fails its checksum, or cannot be unpacked.
inline bool is_corrupt(rd_kafka_resp_err_t why) {
  return why == RD_KAFKA_RESP_ERR__BAD_MSG || why == RD_KAFKA_RESP_ERR__BAD_COMPRESSION;
}

}  // namespace oes
