// What a script's process does as a member of a group, as publish/kafka_group_member.cpp does it.
#include "publish/client_properties.hpp"
#include "publish/group_leader.hpp"
#include "simulation/conformance/actor/actor.hpp"

namespace oes::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string partitions_in(const rd_kafka_topic_partition_list_t* list) {
  std::string out;
  for (int i = 0; list != nullptr && i < list->cnt; ++i) out += " /" + std::to_string(list->elems[i].partition);
  return out.empty() ? " nothing" : out;
}

/// Says only that nobody answered; how often is chance.
bool is_noise(rd_kafka_event_t* event) {
  if (rd_kafka_event_type(event) != RD_KAFKA_EVENT_ERROR) return false;
  const auto code = rd_kafka_event_error(event);
  return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
         code == RD_KAFKA_RESP_ERR__AUTHENTICATION;
}

}  // namespace

actor::facts actor::join_group(const step& one) {
  const auto settings = settings_of(one);
  group_ = settings.deployment;
  group_topic_ = full(one.word(0));
  member_ = new_client(RD_KAFKA_CONSUMER, member_properties(settings, client_id()));
  if (!member_) return {"no client"};
  rd_kafka_poll_set_consumer(member_.get());
  rebalances_.reset(rd_kafka_queue_get_consumer(member_.get()));
  const kafka_partitions wanted(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(wanted.get(), group_topic_.c_str(), RD_KAFKA_PARTITION_UA);
  return {told(rd_kafka_subscribe(member_.get(), wanted.get()))};
}

// "rebalance 5s": serves the next event that tells something, at most so long waited for.
actor::facts actor::rebalance(const step& one) {
  const auto until = std::chrono::steady_clock::now() + one.span(0, seconds(10));
  kafka_event event;
  do {
    const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return {"nothing"};
    event.reset(rd_kafka_queue_poll(rebalances_.get(), static_cast<int>(left.count())));
  } while (!event || is_noise(event.get()));
  if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_FETCH) {
    const auto* message = rd_kafka_event_message_next(event.get());
    return {"message " + (message == nullptr ? std::string("none") : told(message->err))};
  }
  if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR)
    return {"error " + told(rd_kafka_event_error(event.get()))};
  if (rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_REBALANCE) return {"event"};
  auto* partitions = rd_kafka_event_topic_partition_list(event.get());
  const bool given = rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  const auto what = partitions_in(partitions);
  if (given) {
    for (int i = 0; i < partitions->cnt; ++i) partitions->elems[i].offset = RD_KAFKA_OFFSET_END;
    const auto how = told(rd_kafka_incremental_assign(member_.get(), partitions));
    rd_kafka_pause_partitions(member_.get(), partitions);
    return {"assign" + what + ": " + how};
  }
  const std::string lost = rd_kafka_assignment_lost(member_.get()) != 0 ? ", lost" : "";
  return {"revoke" + what + lost + ": " + told(rd_kafka_incremental_unassign(member_.get(), partitions))};
}

// The question by which the product asks whether its place stands.
actor::facts actor::confirm(const step& one) {
  const auto patience = static_cast<int>(one.span(0, seconds(5)).count());
  const kafka_partitions end(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(end.get(), group_topic_.c_str(), 0)->offset = 0;
  const kafka_queue answers(rd_kafka_queue_new(member_.get()));
  const auto asked = rd_kafka_commit_queue(member_.get(), end.get(), answers.get(), nullptr, nullptr);
  if (asked != RD_KAFKA_RESP_ERR_NO_ERROR) return {"not asked: " + told(asked)};
  const kafka_event answer(rd_kafka_queue_poll(answers.get(), patience));
  return {answer ? told(rd_kafka_event_error(answer.get())) : "no answer"};
}

actor::facts actor::leaders(const step& one) {
  const auto patience = one.span(0, seconds(5));
  const auto found = group_leader(member_.get(), group_, group_topic_, patience);
  return {found ? (found->empty() ? "nobody" : brief(*found)) : "no answer"};
}

actor::facts actor::leave(const step& one) {
  const auto patience = one.span(0, seconds(10));
  facts out{told(rd_kafka_consumer_close_queue(member_.get(), rebalances_.get()))};
  const auto until = std::chrono::steady_clock::now() + patience;
  while (rd_kafka_consumer_closed(member_.get()) == 0 && std::chrono::steady_clock::now() < until) {
    const kafka_event event(rd_kafka_queue_poll(rebalances_.get(), 20));
    if (!event || rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_REBALANCE) continue;
    auto* partitions = rd_kafka_event_topic_partition_list(event.get());
    out.push_back((rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS ? "assign" : "revoke") +
                  partitions_in(partitions) + ": " + told(rd_kafka_incremental_unassign(member_.get(), partitions)));
  }
  out.emplace_back(rd_kafka_consumer_closed(member_.get()) != 0 ? "closed" : "not closed");
  return out;
}

}  // namespace oes::conformance
