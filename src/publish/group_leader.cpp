#include "publish/group_leader.hpp"

#include <memory>

namespace oes {
namespace {

bool holds(const rd_kafka_MemberDescription_t* member, const std::string& topic) {
  const auto* assignment = rd_kafka_MemberDescription_assignment(member);
  if (assignment == nullptr) return false;
  const auto* partitions = rd_kafka_MemberAssignment_partitions(assignment);
  return partitions != nullptr &&
         rd_kafka_topic_partition_list_find(const_cast<rd_kafka_topic_partition_list_t*>(partitions), topic.c_str(),
                                            0) != nullptr;
}

std::string holder_in(const rd_kafka_ConsumerGroupDescription_t* group, const std::string& topic) {
  for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(group); ++i) {
    const auto* member = rd_kafka_ConsumerGroupDescription_member(group, i);
    if (!holds(member, topic)) continue;
    const auto* name = rd_kafka_MemberDescription_client_id(member);
    return name == nullptr ? "" : name;
  }
  return {};
}

using admin_options = std::unique_ptr<rd_kafka_AdminOptions_t, kafka_delete<rd_kafka_AdminOptions_destroy>>;

}  // namespace

std::optional<std::string> group_leader(rd_kafka_t* client, const std::string& group, const std::string& topic,
                                        std::chrono::milliseconds patience) {
  const kafka_queue answers(rd_kafka_queue_new(client));
  const admin_options options(rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS));
  const char* name = group.c_str();
  rd_kafka_DescribeConsumerGroups(client, &name, 1, options.get(), answers.get());
  const kafka_event event(rd_kafka_queue_poll(answers.get(), static_cast<int>(patience.count())));
  const auto* told = event ? rd_kafka_event_DescribeConsumerGroups_result(event.get()) : nullptr;
  if (told == nullptr || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  std::size_t count = 0;
  const auto** groups = rd_kafka_DescribeConsumerGroups_result_groups(told, &count);
  if (count != 1 || rd_kafka_ConsumerGroupDescription_error(groups[0]) != nullptr) return std::nullopt;
  return holder_in(groups[0], topic);
}

}  // namespace oes
