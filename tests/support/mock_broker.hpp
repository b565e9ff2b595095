#pragma once
// librdkafka's embedded broker: good for what goes over the wire, not for what readers see of a transaction.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "kafka/kafka_handle.hpp"

namespace oes {

class mock_broker {
 public:
  mock_broker() {
    std::array<char, 512> why{};
    host_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why.data(), why.size()));
    if (!host_) throw std::runtime_error(why.data());
    cluster_ = rd_kafka_mock_cluster_new(host_.get(), 1);
  }
  ~mock_broker() { rd_kafka_mock_cluster_destroy(cluster_); }
  mock_broker(const mock_broker&) = delete;
  mock_broker& operator=(const mock_broker&) = delete;

  [[nodiscard]] std::string bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void make_topic(const std::string& name, int partitions) {
    rd_kafka_mock_topic_create(cluster_, name.c_str(), partitions, 1);
  }
  /// Connections are refused, and those that are there are cut.
  void set_down() { rd_kafka_mock_broker_set_down(cluster_, 1); }
  /// The next request with this key gets the error; RD_KAFKA_RESP_ERR__TRANSPORT cuts the connection instead.
  void fail_next(std::int16_t api_key, rd_kafka_resp_err_t with) {
    rd_kafka_mock_push_request_errors(cluster_, api_key, 1, with);
  }
  /// The one behind the next.
  void fail_second(std::int16_t api_key, rd_kafka_resp_err_t with) {
    rd_kafka_mock_push_request_errors(cluster_, api_key, 2, RD_KAFKA_RESP_ERR_NO_ERROR, with);
  }

 private:
  kafka_client host_;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

}  // namespace oes
