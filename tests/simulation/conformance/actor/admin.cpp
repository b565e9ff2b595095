// What a script's process asks about topics.
#include <span>

#include "simulation/conformance/actor/actor.hpp"

namespace oes::conformance {
namespace {

using options_ptr = std::unique_ptr<rd_kafka_AdminOptions_t, kafka_delete<rd_kafka_AdminOptions_destroy>>;

constexpr int patience_ms = 10'000;

options_ptr options(rd_kafka_t* client, rd_kafka_admin_op_t operation, bool trial = false) {
  options_ptr made(rd_kafka_AdminOptions_new(client, operation));
  rd_kafka_AdminOptions_set_request_timeout(made.get(), patience_ms, nullptr, 0);
  if (trial) rd_kafka_AdminOptions_set_validate_only(made.get(), 1, nullptr, 0);
  return made;
}

}  // namespace

actor::facts actor::metadata(const step& one) {
  const rd_kafka_metadata_t* raw = nullptr;
  auto* client = one.option("by", "reader") == "producer" ? producer_.get() : asking();
  const auto patience = static_cast<int>(one.span(1, std::chrono::milliseconds(patience_ms)).count());
  const auto failed = rd_kafka_metadata(client, 0, handle(client, one.word(0)), &raw, patience);
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return {told(failed)};
  const kafka_metadata found(raw);
  facts out;
  for (const auto& topic : std::span(found->topics, static_cast<std::size_t>(found->topic_cnt))) {
    out.push_back(brief(topic.topic) + " " + told(topic.err) + ", " + std::to_string(topic.partition_cnt) +
                  " partitions");
  }
  return out;
}

actor::facts actor::cluster(const step& one) {
  char* id = rd_kafka_clusterid(asking(), static_cast<int>(one.span(0, std::chrono::seconds(10)).count()));
  const facts out{id == nullptr ? "no id" : "an id"};
  rd_kafka_mem_free(asking(), id);
  return out;
}

actor::facts actor::create(const step& one, bool trial) {
  auto* client = asking();
  auto* wanted = rd_kafka_NewTopic_new(full(one.word(0)).c_str(), std::stoi(one.word(1, "1")), 1, nullptr, 0);
  for (const auto& [name, value] : one.options) rd_kafka_NewTopic_set_config(wanted, name.c_str(), value.c_str());
  const kafka_queue answers(rd_kafka_queue_new(client));
  const auto how = options(client, RD_KAFKA_ADMIN_OP_CREATETOPICS, trial);
  rd_kafka_CreateTopics(client, &wanted, 1, how.get(), answers.get());
  rd_kafka_NewTopic_destroy(wanted);
  const kafka_event event(rd_kafka_queue_poll(answers.get(), patience_ms));
  if (!event) return {"no answer"};
  if (const auto failed = rd_kafka_event_error(event.get()); failed != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return {"all: " + told(failed)};
  }
  std::size_t count = 0;
  const auto** made = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  facts out;
  for (const auto* topic : std::span(made, count)) {
    out.push_back(brief(rd_kafka_topic_result_name(topic)) + " " + told(rd_kafka_topic_result_error(topic)));
  }
  return out;
}

actor::facts actor::describe(const step& one) {
  auto* client = asking();
  auto* wanted = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, full(one.word(0)).c_str());
  const kafka_queue answers(rd_kafka_queue_new(client));
  const auto how = options(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
  rd_kafka_DescribeConfigs(client, &wanted, 1, how.get(), answers.get());
  rd_kafka_ConfigResource_destroy(wanted);
  const kafka_event event(rd_kafka_queue_poll(answers.get(), patience_ms));
  if (!event) return {"no answer"};
  if (const auto failed = rd_kafka_event_error(event.get()); failed != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return {"all: " + told(failed)};
  }
  std::size_t count = 0;
  const auto** found =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  facts out;
  for (const auto* resource : std::span(found, count)) {
    out.push_back(brief(rd_kafka_ConfigResource_name(resource)) + " " + told(rd_kafka_ConfigResource_error(resource)));
    std::size_t entries = 0;
    const auto** all = rd_kafka_ConfigResource_configs(resource, &entries);
    for (const auto* entry : std::span(all, entries)) {
      const std::string name = rd_kafka_ConfigEntry_name(entry);
      const auto* value = rd_kafka_ConfigEntry_value(entry);
      if (name == one.word(1)) out.push_back(name + "=" + (value == nullptr ? "?" : value));
    }
  }
  return out;
}

}  // namespace oes::conformance
