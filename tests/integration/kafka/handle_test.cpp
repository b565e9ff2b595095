// The end of librdkafka's clients, on its embedded broker.
#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "async/clock.hpp"
#include "kafka/kafka_handle.hpp"
#include "support/mock_broker.hpp"

using namespace oes;
using std::chrono::seconds;

namespace {

kafka_client client_of(const mock_broker& broker, rd_kafka_type_t type) {
  std::string why(512, '\0');
  kafka_conf conf(rd_kafka_conf_new());
  rd_kafka_conf_set(conf.get(), "bootstrap.servers", broker.bootstrap().c_str(), why.data(), why.size());
  kafka_client made(rd_kafka_new(type, conf.release(), why.data(), why.size()));
  REQUIRE(made);
  return made;
}

/// One record of topic "a", as librdkafka's consumer holds it.
kafka_message read_one(rd_kafka_t* consumer, mock_broker& broker) {
  broker.make_topic("a", 1);
  const auto producer = client_of(broker, RD_KAFKA_PRODUCER);
  const auto sent = rd_kafka_producev(producer.get(), RD_KAFKA_V_TOPIC("a"), RD_KAFKA_V_KEY("k", 1), RD_KAFKA_V_END);
  REQUIRE(sent == RD_KAFKA_RESP_ERR_NO_ERROR);
  REQUIRE(rd_kafka_flush(producer.get(), 30000) == RD_KAFKA_RESP_ERR_NO_ERROR);
  const kafka_topic topic(rd_kafka_topic_new(consumer, "a", nullptr));
  REQUIRE(rd_kafka_consume_start(topic.get(), 0, RD_KAFKA_OFFSET_BEGINNING) == 0);
  kafka_message read(rd_kafka_consume(topic.get(), 0, 30000));
  REQUIRE(read);
  REQUIRE(rd_kafka_consume_stop(topic.get(), 0) == 0);
  return read;
}

}  // namespace

// What librdkafka's own faults do, by its own rule: a client does not end while one of its messages is held.
TEST_CASE("a consumer that cannot come to its end holds nobody up") {
  mock_broker broker;
  auto consumer = client_of(broker, RD_KAFKA_CONSUMER);
  auto held = read_one(consumer.get(), broker);
  const auto before = steady_now();
  consumer.reset();
  CHECK(steady_now() - before >= seconds(1));  // it was given its time
  held.reset();                                // now it ends, on a thread of its own
}
