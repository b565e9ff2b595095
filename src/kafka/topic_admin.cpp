#include "kafka/topic_admin.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <string_view>

#include "async/clock.hpp"
#include "kafka/fault.hpp"
#include "kafka/kafka_conf.hpp"
#include "kafka/watermarks.hpp"

namespace oes {
namespace {

constexpr int ask_ms = 10'000;
constexpr std::array<std::string_view, 5> shown_settings{"cleanup.policy", "retention.ms", "retention.bytes",
                                                         "min.insync.replicas", "unclean.leader.election.enable"};

using config_ptr = std::unique_ptr<rd_kafka_ConfigResource_t, kafka_delete<rd_kafka_ConfigResource_destroy>>;
using new_topic_ptr = std::unique_ptr<rd_kafka_NewTopic_t, kafka_delete<rd_kafka_NewTopic_destroy>>;
using options_ptr = std::unique_ptr<rd_kafka_AdminOptions_t, kafka_delete<rd_kafka_AdminOptions_destroy>>;

template <class T, class Deleter>
std::vector<T*> raw(const std::vector<std::unique_ptr<T, Deleter>>& owned) {
  std::vector<T*> pointers;
  pointers.reserve(owned.size());
  for (const auto& one : owned) pointers.push_back(one.get());
  return pointers;
}

options_ptr options(rd_kafka_t* client, rd_kafka_admin_op_t operation) {
  std::array<char, 512> why{};
  options_ptr made(rd_kafka_AdminOptions_new(client, operation));
  rd_kafka_AdminOptions_set_request_timeout(made.get(), ask_ms, why.data(), why.size());
  return made;
}

/// Not rights: those may be given without a restart.
bool needs_operator(rd_kafka_resp_err_t code) {
  switch (static_cast<int>(code)) {
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
      return true;
    default:
      return false;
  }
}

std::map<std::string, std::string> shown(const rd_kafka_ConfigResource_t* resource, const std::set<std::string>& also) {
  std::size_t count = 0;
  const auto** entries = rd_kafka_ConfigResource_configs(resource, &count);
  std::map<std::string, std::string> found;
  for (const auto* entry : std::span(entries, count)) {
    const std::string name = rd_kafka_ConfigEntry_name(entry);
    const char* value = rd_kafka_ConfigEntry_value(entry);
    const bool wanted = also.contains(name) || std::ranges::find(shown_settings, name) != shown_settings.end();
    if (wanted && value != nullptr) found[name] = value;
  }
  return found;
}

new_topic_ptr new_topic(const topic_plan& plan) {
  std::array<char, 512> why{};
  new_topic_ptr made(
      rd_kafka_NewTopic_new(plan.name.c_str(), plan.partitions, plan.replication, why.data(), why.size()));
  for (const auto& [name, value] : plan.settings) rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
  return made;
}

}  // namespace

result<std::unique_ptr<topic_admin>> topic_admin::connect(const connection_settings& settings, logger& log) {
  auto asking = kafka_consumer::open(settings, isolation_level::read_uncommitted, log);
  if (!asking) return asking.error();
  return std::unique_ptr<topic_admin>(new topic_admin(std::move(*asking)));
}

result<cluster_view> topic_admin::look() {
  const struct rd_kafka_metadata* metadata = nullptr;
  const auto failed = rd_kafka_metadata(asking_->get(), 1, nullptr, &metadata, ask_ms);
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fault(errc::kafka_unavailable, "Kafka does not answer: " + reason(failed));
  cluster_view view;
  view.brokers = metadata->broker_cnt;
  for (const auto& topic : std::span(metadata->topics, static_cast<std::size_t>(metadata->topic_cnt))) {
    if (topic.err == RD_KAFKA_RESP_ERR_NO_ERROR && topic.partition_cnt > 0) {
      view.topics[topic.topic] = {topic.partition_cnt, topic.partitions[0].replica_cnt, {}, 0, 0};
    }
  }
  rd_kafka_metadata_destroy(metadata);
  return view;
}

result<void> topic_admin::may_see(const std::string& topic) {
  const kafka_topic handle(rd_kafka_topic_new(asking_->get(), topic.c_str(), nullptr));
  const struct rd_kafka_metadata* metadata = nullptr;
  const auto failed = rd_kafka_metadata(asking_->get(), 0, handle.get(), &metadata, ask_ms);
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fault(errc::kafka_unavailable, "topic " + topic + ": " + reason(failed));
  const auto there = metadata->topic_cnt == 1 ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_metadata_destroy(metadata);
  if (there == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
    return fault(errc::kafka_unavailable, "no right to describe topic " + topic + " (" + rd_kafka_err2str(there) +
                                              "): it may be there, but this user may not see it");
  }
  return {};
}

std::string topic_admin::cluster_id() {
  char* id = rd_kafka_clusterid(asking_->get(), ask_ms);
  std::string text = id == nullptr ? "" : id;
  rd_kafka_mem_free(asking_->get(), id);
  return text;
}

kafka_event topic_admin::answer(kafka_queue& from, int type) {
  kafka_event event(rd_kafka_queue_poll(from.get(), ask_ms + 5000));
  return event && rd_kafka_event_type(event.get()) == type ? std::move(event) : nullptr;
}

result<settings_view> topic_admin::settings_of(const std::vector<std::string>& topics,
                                               const std::set<std::string>& also) {
  std::vector<config_ptr> wanted;
  wanted.reserve(topics.size());
  for (const auto& name : topics)
    wanted.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
  kafka_queue answers(rd_kafka_queue_new(asking_->get()));
  const auto how = options(asking_->get(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
  auto asked = raw(wanted);
  rd_kafka_DescribeConfigs(asking_->get(), asked.data(), asked.size(), how.get(), answers.get());
  const auto event = answer(answers, RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT);
  const auto failed = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return fault(errc::kafka_unavailable, "topic settings: " + reason(failed));
  settings_view view;
  std::size_t count = 0;
  const auto** found =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  for (const auto* resource : std::span(found, count)) {
    const std::string name = rd_kafka_ConfigResource_name(resource);
    if (rd_kafka_ConfigResource_error(resource) == RD_KAFKA_RESP_ERR_NO_ERROR) {
      view.topics[name] = shown(resource, also);
    } else {
      view.unreadable[name] = rd_kafka_err2str(rd_kafka_ConfigResource_error(resource));
    }
  }
  return view;
}

result<kafka_event> topic_admin::ask_to_create(const std::vector<topic_plan>& plans, creation how) {
  std::vector<new_topic_ptr> wanted;
  wanted.reserve(plans.size());
  for (const auto& plan : plans) wanted.push_back(new_topic(plan));
  kafka_queue answers(rd_kafka_queue_new(asking_->get()));
  const auto asking = options(asking_->get(), RD_KAFKA_ADMIN_OP_CREATETOPICS);
  std::array<char, 512> why{};
  if (how == creation::on_trial) rd_kafka_AdminOptions_set_validate_only(asking.get(), 1, why.data(), why.size());
  auto asked = raw(wanted);
  rd_kafka_CreateTopics(asking_->get(), asked.data(), asked.size(), asking.get(), answers.get());
  auto event = answer(answers, RD_KAFKA_EVENT_CREATETOPICS_RESULT);
  const auto failed = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return fault(errc::kafka_unavailable, "making topics: " + reason(failed));
  return event;
}

result<void> topic_admin::create(const std::vector<topic_plan>& plans) {
  const auto event = ask_to_create(plans, creation::for_good);
  if (!event) return event.error();
  std::size_t count = 0;
  const auto** made = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  for (const auto* topic : std::span(made, count)) {
    const auto code = rd_kafka_topic_result_error(topic);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      const char* words = rd_kafka_topic_result_error_string(topic);
      const std::string why = needs_operator(code) && words != nullptr ? std::string(": ") + words : std::string();
      return fault(needs_operator(code) ? errc::kafka_refused : errc::kafka_unavailable,
                   std::string("topic ") + rd_kafka_topic_result_name(topic) +
                       " could not be made: " + rd_kafka_err2str(code) + why);
    }
  }
  return {};
}

result<void> topic_admin::try_to_create(const topic_plan& plan) {
  const auto event = ask_to_create({plan}, creation::on_trial);
  if (!event) return event.error();
  std::size_t count = 0;
  const auto** tried = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  for (const auto* topic : std::span(tried, count)) {
    const auto code = rd_kafka_topic_result_error(topic);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      const char* words = rd_kafka_topic_result_error_string(topic);
      return fault(errc::kafka_refused, words != nullptr ? words : rd_kafka_err2str(code));
    }
  }
  return {};
}

result<void> topic_admin::measure(const std::string& topic, topic_facts& facts) {
  // A topic just made has no leader everywhere yet.
  const auto deadline = steady_now() + std::chrono::milliseconds(ask_ms);
  for (int partition = 0; partition < facts.partitions;) {
    watermarks ends;
    const auto failed = ask_watermarks(asking_->get(), topic, partition, std::chrono::milliseconds(ask_ms), ends);
    if (failed == RD_KAFKA_RESP_ERR_NO_ERROR) {
      facts.records_low += ends.low;
      facts.records_high += ends.high;
      ++partition;
    } else if (steady_now() > deadline) {
      return fault(errc::kafka_unavailable, "offsets of topic " + topic + ": " + reason(failed));
    } else {
      hold_thread(std::chrono::milliseconds(50));
    }
  }
  return {};
}

result<void> create_by_asking(const connection_settings& settings, const std::vector<std::string>& topics,
                              logger& log) {
  // From librdkafka 2.8 on the mock broker makes a topic only for a client that allows it.
  auto properties = consumer_properties(settings, isolation_level::read_uncommitted);
  properties.emplace_back("allow.auto.create.topics", "true");
  auto conf = make_conf(properties);
  if (!conf) return conf.error();
  kafka_client_log lines(log, "topics");
  const auto client = start_client(RD_KAFKA_PRODUCER, std::move(*conf), lines);
  if (!client) return client.error();
  for (const auto& name : topics) {
    const kafka_topic handle(rd_kafka_topic_new(client->get(), name.c_str(), nullptr));
    const struct rd_kafka_metadata* metadata = nullptr;
    const auto failed = rd_kafka_metadata(client->get(), 0, handle.get(), &metadata, ask_ms);
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR)
      return fault(errc::kafka_unavailable, "topic " + name + ": " + rd_kafka_err2str(failed));
    rd_kafka_metadata_destroy(metadata);
  }
  return {};
}

}  // namespace oes
