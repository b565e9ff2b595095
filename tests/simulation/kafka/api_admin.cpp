// rd_kafka_… of admin calls: topics are made and described, groups are described.
#include <map>
#include <vector>

#include "simulation/kafka/client.hpp"

using namespace oes::simulation;

struct rd_kafka_AdminOptions_s {
  bool validate_only = false;
};
struct rd_kafka_NewTopic_s {
  std::string name;
  int partitions = 1;
  std::map<std::string, std::string> settings;
};
struct rd_kafka_ConfigEntry_s {
  std::string name;
  std::string value;
};
struct rd_kafka_ConfigResource_s {
  std::string name;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::vector<rd_kafka_ConfigEntry_s> entries = {};
  std::vector<const rd_kafka_ConfigEntry_s*> shown = {};
};
struct rd_kafka_topic_result_s {
  std::string name;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
};
struct rd_kafka_MemberAssignment_s {
  rd_kafka_topic_partition_list_t* partitions = nullptr;
};
struct rd_kafka_MemberDescription_s {
  std::string client;
  rd_kafka_MemberAssignment_s assignment;
};
struct rd_kafka_ConsumerGroupDescription_s {
  std::vector<rd_kafka_MemberDescription_s> members;
};

struct rd_kafka_op_s::answer {
  std::vector<rd_kafka_topic_result_s> made;
  std::vector<const rd_kafka_topic_result_s*> made_shown;
  std::vector<rd_kafka_ConfigResource_s> described;
  std::vector<const rd_kafka_ConfigResource_s*> described_shown;
  rd_kafka_ConsumerGroupDescription_s group;
  std::vector<const rd_kafka_ConsumerGroupDescription_s*> group_shown;
};

namespace {

using answer = rd_kafka_op_s::answer;

// Asked once; where the connection breaks, that is the answer.
void ask(rd_kafka_t* client, api_key what, int event_type, rd_kafka_queue_t* queue,
         std::function<void(answer&)> arrives) {
  const auto told = std::make_shared<answer>();
  auto at_broker = [told, arrives = std::move(arrives)] {
    *told = {};
    arrives(*told);
  };
  client->send(what, std::move(at_broker), [client, told, event_type, into = queue->events](bool came) {
    auto event = std::make_unique<rd_kafka_op_s>();
    event->type = event_type;
    event->told = told;
    if (!came) event->error = RD_KAFKA_RESP_ERR__TRANSPORT;
    into->push_back(std::move(event));
    client->changed();
  });
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("-0123456789") == std::string::npos;
}

// The settings that the product gives, as far as brokers look at them.
bool is_possible(const std::string& name, const std::string& value) {
  if (name == "cleanup.policy") return value == "compact" || value == "delete" || value == "compact,delete";
  return !name.ends_with(".ms") && !name.ends_with(".bytes") ? true : is_number(value);
}

rd_kafka_resp_err_t why_not(const cluster& at, const rd_kafka_NewTopic_s& wanted) {
  constexpr auto letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (at.topics.contains(wanted.name)) return RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS;
  if (wanted.name.find_first_not_of(letters) != std::string::npos) return RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION;
  for (const auto& [name, value] : wanted.settings) {
    if (!is_possible(name, value)) return RD_KAFKA_RESP_ERR_INVALID_CONFIG;
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

template <class T>
const T** shown(const std::vector<T>& all, std::vector<const T*>& pointers, size_t* count) {
  pointers.clear();
  for (const auto& one : all) pointers.push_back(&one);
  *count = pointers.size();
  return pointers.data();
}

}  // namespace

extern "C" {

rd_kafka_AdminOptions_t* rd_kafka_AdminOptions_new(rd_kafka_t* /*client*/, rd_kafka_admin_op_t /*what*/) {
  return new rd_kafka_AdminOptions_s;
}
void rd_kafka_AdminOptions_destroy(rd_kafka_AdminOptions_t* options) { delete options; }
rd_kafka_resp_err_t rd_kafka_AdminOptions_set_request_timeout(rd_kafka_AdminOptions_t* /*o*/, int /*ms*/, char* /*why*/,
                                                              size_t /*size*/) {
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}
rd_kafka_resp_err_t rd_kafka_AdminOptions_set_validate_only(rd_kafka_AdminOptions_t* options, int yes, char* /*why*/,
                                                            size_t /*size*/) {
  options->validate_only = yes != 0;
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_NewTopic_t* rd_kafka_NewTopic_new(const char* name, int partitions, int /*replication*/, char* /*why*/,
                                           size_t /*size*/) {
  return new rd_kafka_NewTopic_s{name, partitions, {}};
}
void rd_kafka_NewTopic_destroy(rd_kafka_NewTopic_t* topic) { delete topic; }
rd_kafka_resp_err_t rd_kafka_NewTopic_set_config(rd_kafka_NewTopic_t* topic, const char* name, const char* value) {
  topic->settings[name] = value;
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void rd_kafka_CreateTopics(rd_kafka_t* client, rd_kafka_NewTopic_t** topics, size_t count,
                           const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
  std::vector<rd_kafka_NewTopic_s> wanted;
  for (size_t i = 0; i < count; ++i) wanted.push_back(*topics[i]);
  ask(client, api_create_topics, RD_KAFKA_EVENT_CREATETOPICS_RESULT, queue,
      [wanted, &to = client->to, trial = options->validate_only](answer& told) {
        for (const auto& one : wanted) {
          const auto refused = why_not(to, one);
          if (refused == RD_KAFKA_RESP_ERR_NO_ERROR && !trial) to.make_topic(one.name, one.partitions, one.settings);
          told.made.push_back({one.name, refused});
        }
      });
}
const rd_kafka_CreateTopics_result_t* rd_kafka_event_CreateTopics_result(rd_kafka_event_t* event) { return event; }
const rd_kafka_topic_result_t** rd_kafka_CreateTopics_result_topics(const rd_kafka_CreateTopics_result_t* event,
                                                                    size_t* count) {
  return shown(event->told->made, event->told->made_shown, count);
}
rd_kafka_resp_err_t rd_kafka_topic_result_error(const rd_kafka_topic_result_t* one) { return one->error; }
const char* rd_kafka_topic_result_error_string(const rd_kafka_topic_result_t* one) {
  return rd_kafka_err2str(one->error);
}
const char* rd_kafka_topic_result_name(const rd_kafka_topic_result_t* one) { return one->name.c_str(); }

rd_kafka_ConfigResource_t* rd_kafka_ConfigResource_new(rd_kafka_ResourceType_t /*kind*/, const char* name) {
  return new rd_kafka_ConfigResource_s{name};
}
void rd_kafka_ConfigResource_destroy(rd_kafka_ConfigResource_t* one) { delete one; }
void rd_kafka_DescribeConfigs(rd_kafka_t* client, rd_kafka_ConfigResource_t** resources, size_t count,
                              const rd_kafka_AdminOptions_t* /*options*/, rd_kafka_queue_t* queue) {
  std::vector<std::string> wanted;
  for (size_t i = 0; i < count; ++i) wanted.push_back(resources[i]->name);
  ask(client, api_describe_configs, RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT, queue,
      [wanted, &to = client->to](answer& told) {
        for (const auto& name : wanted) {
          auto& one = told.described.emplace_back(rd_kafka_ConfigResource_s{name});
          const auto known = to.topics.find(name);
          if (known == to.topics.end()) {
            one.error = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
            continue;
          }
          if (to.refuses("DescribeConfigs topic", name)) {
            one.error = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
            continue;
          }
          auto settings = known->second.settings;
          settings.try_emplace("cleanup.policy", "delete");
          settings.try_emplace("min.insync.replicas", "1");
          settings.try_emplace("retention.ms", "604800000");
          for (const auto& [key, value] : settings) one.entries.push_back({key, value});
        }
      });
}
const rd_kafka_DescribeConfigs_result_t* rd_kafka_event_DescribeConfigs_result(rd_kafka_event_t* event) {
  return event;
}
const rd_kafka_ConfigResource_t** rd_kafka_DescribeConfigs_result_resources(
    const rd_kafka_DescribeConfigs_result_t* event, size_t* count) {
  for (auto& one : event->told->described) {
    one.shown.clear();
    for (const auto& entry : one.entries) one.shown.push_back(&entry);
  }
  return shown(event->told->described, event->told->described_shown, count);
}
const char* rd_kafka_ConfigResource_name(const rd_kafka_ConfigResource_t* one) { return one->name.c_str(); }
rd_kafka_resp_err_t rd_kafka_ConfigResource_error(const rd_kafka_ConfigResource_t* one) { return one->error; }
const rd_kafka_ConfigEntry_t** rd_kafka_ConfigResource_configs(const rd_kafka_ConfigResource_t* one, size_t* count) {
  *count = one->shown.size();
  return const_cast<const rd_kafka_ConfigEntry_t**>(one->shown.data());
}
const char* rd_kafka_ConfigEntry_name(const rd_kafka_ConfigEntry_t* entry) { return entry->name.c_str(); }
const char* rd_kafka_ConfigEntry_value(const rd_kafka_ConfigEntry_t* entry) { return entry->value.c_str(); }

void rd_kafka_DescribeConsumerGroups(rd_kafka_t* client, const char** groups, size_t /*count*/,
                                     const rd_kafka_AdminOptions_t* /*options*/, rd_kafka_queue_t* queue) {
  ask(client, api_describe_groups, RD_KAFKA_EVENT_DESCRIBECONSUMERGROUPS_RESULT, queue,
      [group = std::string(groups[0]), &to = client->to](answer& told) {
        for (const auto& one : to.groups.members_of(group)) {
          auto* list = rd_kafka_topic_partition_list_new(1);  // small, and few: left to the end of the world
          if (one.holds) rd_kafka_topic_partition_list_add(list, one.topic.c_str(), 0);
          told.group.members.push_back({one.client, {list}});
        }
      });
}
const rd_kafka_DescribeConsumerGroups_result_t* rd_kafka_event_DescribeConsumerGroups_result(rd_kafka_event_t* event) {
  return event;
}
const rd_kafka_ConsumerGroupDescription_t** rd_kafka_DescribeConsumerGroups_result_groups(
    const rd_kafka_DescribeConsumerGroups_result_t* event, size_t* count) {
  event->told->group_shown = {&event->told->group};
  *count = 1;
  return event->told->group_shown.data();
}
const rd_kafka_error_t* rd_kafka_ConsumerGroupDescription_error(const rd_kafka_ConsumerGroupDescription_t* /*one*/) {
  return nullptr;
}
size_t rd_kafka_ConsumerGroupDescription_member_count(const rd_kafka_ConsumerGroupDescription_t* one) {
  return one->members.size();
}
const rd_kafka_MemberDescription_t* rd_kafka_ConsumerGroupDescription_member(
    const rd_kafka_ConsumerGroupDescription_t* one, size_t index) {
  return &one->members[index];
}
const char* rd_kafka_MemberDescription_client_id(const rd_kafka_MemberDescription_t* one) {
  return one->client.c_str();
}
const rd_kafka_MemberAssignment_t* rd_kafka_MemberDescription_assignment(const rd_kafka_MemberDescription_t* one) {
  return &one->assignment;
}
const rd_kafka_topic_partition_list_t* rd_kafka_MemberAssignment_partitions(const rd_kafka_MemberAssignment_t* one) {
  return one->partitions;
}

}  // extern "C"
