#pragma once
// A process of a script: it calls librdkafka's functions as the product does, with the product's own properties, and
// says what each call told. The same source is linked with librdkafka and with the model of it.
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "kafka/connection_settings.hpp"
#include "kafka/kafka_handle.hpp"
#include "publish/publish_settings.hpp"
#include "simulation/conformance/actor/step.hpp"

namespace oes::conformance {

struct surroundings {
  std::string name;       ///< of the actor
  std::string bootstrap;  ///< the brokers
  std::string prefix;     ///< in front of each name in Kafka, so that runs do not meet
  kafka_properties properties;
};

class actor {
 public:
  using facts = std::vector<std::string>;

  explicit actor(surroundings around) : around_(std::move(around)) {}
  ~actor();
  actor(const actor&) = delete;
  actor& operator=(const actor&) = delete;

  /// "commit 5s"; "&commit 5s" goes on meanwhile, and "join" tells what it told.
  facts perform(const std::string& line);

 private:
  facts run(const step& one);

  // produce.cpp
  facts make_producer(const step& one);
  facts init(const step& one);
  facts begin();
  facts produce(const step& one);
  facts flush(const step& one);
  facts poll(const step& one);
  facts commit(const step& one);
  facts abort(const step& one);
  facts purge();
  facts fatal();
  facts end_producer();
  // read.cpp
  facts make_reader(const step& one);
  facts ends(const step& one);
  facts read(const step& one);
  // admin.cpp
  facts metadata(const step& one);
  facts cluster(const step& one);
  facts create(const step& one, bool trial);
  facts describe(const step& one);
  // group.cpp
  facts join_group(const step& one);
  facts rebalance(const step& one);
  facts confirm(const step& one);
  facts leaders(const step& one);
  facts leave(const step& one);

  [[nodiscard]] std::string full(const std::string& name) const { return around_.prefix + name; }
  [[nodiscard]] std::string brief(const std::string& name) const;
  [[nodiscard]] std::string client_id() const { return full(around_.name) + "."; }
  publish_settings settings_of(const step& one) const;
  kafka_client new_client(rd_kafka_type_t type, const kafka_properties& properties);
  rd_kafka_topic_t* handle(rd_kafka_t* client, const std::string& topic);
  rd_kafka_t* asking();

  static void on_delivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* opaque);
  facts take_deliveries();

  surroundings around_;
  struct sent {
    actor* by;
    std::string topic;
    std::string key;
    std::string value;
  };
  std::deque<sent> sent_;  ///< librdkafka reads the payloads: they stay where they are
  std::map<std::pair<std::string, std::int32_t>, facts> delivered_;
  std::map<std::pair<rd_kafka_t*, std::string>, kafka_topic> topics_;
  kafka_client producer_;
  kafka_client reader_;
  kafka_client member_;
  kafka_queue rebalances_;
  std::string group_;
  std::string group_topic_;
  std::thread beside_;
  facts told_beside_;
};

/// "ok", or the code's name.
std::string told(rd_kafka_resp_err_t code);
/// With "fatal", "retriable", "abort" behind it. Takes the error.
std::string told(rd_kafka_error_t* error);

}  // namespace oes::conformance
