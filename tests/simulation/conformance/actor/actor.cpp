#include "simulation/conformance/actor/actor.hpp"

#include "kafka/consumer.hpp"
#include "kafka/kafka_conf.hpp"

namespace oes::conformance {
namespace {

using std::chrono::milliseconds;

void say_nothing(const rd_kafka_t* /*client*/, int /*level*/, const char* /*facility*/, const char* /*text*/) {}

}  // namespace

std::string told(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_NO_ERROR ? "ok" : rd_kafka_err2name(code);
}

std::string told(rd_kafka_error_t* error) {
  const kafka_error owned(error);
  if (!owned) return "ok";
  auto text = told(rd_kafka_error_code(error));
  if (rd_kafka_error_is_fatal(error) != 0) text += " fatal";
  if (rd_kafka_error_is_retriable(error) != 0) text += " retriable";
  if (rd_kafka_error_txn_requires_abort(error) != 0) text += " abort";
  return text;
}

actor::~actor() {
  if (beside_.joinable()) beside_.join();
  topics_.clear();
}

actor::facts actor::perform(const std::string& line) {
  if (line.starts_with('&')) {
    beside_ = std::thread([this, one = parse_step(line.substr(1))] { told_beside_ = run(one); });
    return {};
  }
  if (line == "join") {
    beside_.join();
    return std::exchange(told_beside_, {});
  }
  return run(parse_step(line));
}

actor::facts actor::run(const step& one) {
  const std::map<std::string, std::function<facts()>> verbs{
      {"producer", [&] { return make_producer(one); }},
      {"init", [&] { return init(one); }},
      {"begin", [&] { return begin(); }},
      {"produce", [&] { return produce(one); }},
      {"flush", [&] { return flush(one); }},
      {"poll", [&] { return poll(one); }},
      {"commit", [&] { return commit(one); }},
      {"abort", [&] { return abort(one); }},
      {"purge", [&] { return purge(); }},
      {"fatal", [&] { return fatal(); }},
      {"end-producer", [&] { return end_producer(); }},
      {"reader", [&] { return make_reader(one); }},
      {"ends", [&] { return ends(one); }},
      {"read", [&] { return read(one); }},
      {"metadata", [&] { return metadata(one); }},
      {"cluster", [&] { return cluster(one); }},
      {"create", [&] { return create(one, false); }},
      {"try-create", [&] { return create(one, true); }},
      {"describe", [&] { return describe(one); }},
      {"member", [&] { return join_group(one); }},
      {"rebalance", [&] { return rebalance(one); }},
      {"confirm", [&] { return confirm(one); }},
      {"leaders", [&] { return leaders(one); }},
      {"leave", [&] { return leave(one); }},
  };
  const auto found = verbs.find(one.verb);
  return found == verbs.end() ? facts{"unknown verb " + one.verb} : found->second();
}

std::string actor::brief(const std::string& name) const {
  return name.starts_with(around_.prefix) ? name.substr(around_.prefix.size()) : name;
}

publish_settings actor::settings_of(const step& one) const {
  publish_settings out;
  out.bootstrap_servers = around_.bootstrap;
  out.properties = around_.properties;
  out.deployment = full(one.option("name", "deployment"));
  out.transaction_timeout = parse_span(one.option("transaction_timeout", "30s"));
  out.message_timeout = parse_span(one.option("message_timeout", "20s"));
  out.session_timeout = parse_span(one.option("session_timeout", "6s"));
  return out;
}

kafka_client actor::new_client(rd_kafka_type_t type, const kafka_properties& properties) {
  auto conf = make_conf(properties);
  if (!conf) return nullptr;
  rd_kafka_conf_set_opaque(conf->get(), this);
  rd_kafka_conf_set_log_cb(conf->get(), say_nothing);
  if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf->get(), on_delivery);
  if (type == RD_KAFKA_CONSUMER) {
    rd_kafka_conf_set_events(conf->get(), RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_FETCH);
  }
  return kafka_client(rd_kafka_new(type, conf->release(), nullptr, 0));
}

rd_kafka_topic_t* actor::handle(rd_kafka_t* client, const std::string& topic) {
  auto& known = topics_[{client, topic}];
  if (!known) known.reset(rd_kafka_topic_new(client, full(topic).c_str(), nullptr));
  return known.get();
}

// What is asked without a word of how: as the product asks, by a reader of all records.
rd_kafka_t* actor::asking() {
  if (!reader_) make_reader(parse_step("reader uncommitted"));
  return reader_.get();
}

}  // namespace oes::conformance
