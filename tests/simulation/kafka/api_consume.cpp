// rd_kafka_… of consumers, and the queues and lists that they use.
#include <cstring>

#include "simulation/kafka/client.hpp"
#include "simulation/kafka/group_member.hpp"
#include "simulation/kafka/reader.hpp"

using namespace oes::simulation;

namespace {

using std::chrono::milliseconds;

}  // namespace

extern "C" {

int rd_kafka_consume_start(rd_kafka_topic_t* topic, int32_t partition, int64_t offset) {
  topic->client->reader->start(topic, partition, offset, nullptr);
  return 0;
}
int rd_kafka_consume_start_queue(rd_kafka_topic_t* topic, int32_t partition, int64_t offset, rd_kafka_queue_t* into) {
  topic->client->reader->start(topic, partition, offset, into->messages);
  return 0;
}
int rd_kafka_consume_stop(rd_kafka_topic_t* topic, int32_t partition) {
  topic->client->reader->stop(topic, partition);
  return 0;
}
rd_kafka_message_t* rd_kafka_consume(rd_kafka_topic_t* topic, int32_t partition, int timeout_ms) {
  return topic->client->reader->take(topic, partition, timeout_ms);
}
rd_kafka_message_t* rd_kafka_consume_queue(rd_kafka_queue_t* from, int timeout_ms) {
  return from->client->reader->take(*from->messages, timeout_ms);
}

rd_kafka_resp_err_t rd_kafka_query_watermark_offsets(rd_kafka_t* client, const char* topic, int32_t partition,
                                                     int64_t* low, int64_t* high, int timeout_ms) {
  struct ends {
    bool there = false;
    std::int64_t high = 0;
  };
  const auto told = std::make_shared<ends>();
  const bool committed = client->value_of("isolation.level", "read_committed") == "read_committed";
  const auto failed =
      client->ask(api_list_offsets, milliseconds(timeout_ms),
                  [told, committed, name = std::string(topic), partition, &to = client->to] {
                    const auto* log = to.refuses("Describe topic", name) ? nullptr : to.read_view(name, partition);
                    told->there = log != nullptr;
                    if (log != nullptr)
                      told->high = committed ? log->stable_end(to.on().now() - to.stable_lag) : log->end();
                  });
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return client->was_answered ? RD_KAFKA_RESP_ERR__TIMED_OUT : RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
  }
  if (!told->there) return RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
  *low = 0;
  *high = told->high;
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// For RD_KAFKA_OFFSET_BEGINNING and RD_KAFKA_OFFSET_END of one partition, which is all that the product asks for.
rd_kafka_resp_err_t rd_kafka_offsets_for_times(rd_kafka_t* client, rd_kafka_topic_partition_list_t* asked,
                                               int timeout_ms) {
  auto& one = asked->elems[0];
  std::int64_t low = 0;
  std::int64_t high = 0;
  const auto failed = rd_kafka_query_watermark_offsets(client, one.topic, one.partition, &low, &high, timeout_ms);
  if (failed == RD_KAFKA_RESP_ERR_NO_ERROR) one.offset = one.offset == RD_KAFKA_OFFSET_BEGINNING ? low : high;
  return failed;
}

rd_kafka_queue_t* rd_kafka_queue_new(rd_kafka_t* client) {
  return new rd_kafka_queue_s{client, std::make_shared<std::deque<std::unique_ptr<rd_kafka_op_s>>>(),
                              std::make_shared<message_queue>()};
}
rd_kafka_queue_t* rd_kafka_queue_get_consumer(rd_kafka_t* client) {
  return new rd_kafka_queue_s{client, client->own_events, std::make_shared<message_queue>()};
}
void rd_kafka_queue_destroy(rd_kafka_queue_t* queue) { delete queue; }

rd_kafka_event_t* rd_kafka_queue_poll(rd_kafka_queue_t* queue, int timeout_ms) {
  const auto until = deadline_in(*queue->client, timeout_ms);
  const auto events = queue->events;
  while (events->empty() && queue->client->now() < until) queue->client->wait(until);
  if (events->empty()) return nullptr;
  auto first = std::move(events->front());
  events->pop_front();
  return first.release();
}

void rd_kafka_event_destroy(rd_kafka_event_t* event) { delete event; }
rd_kafka_event_type_t rd_kafka_event_type(const rd_kafka_event_t* event) {
  return event == nullptr ? RD_KAFKA_EVENT_NONE : event->type;
}
rd_kafka_resp_err_t rd_kafka_event_error(rd_kafka_event_t* event) { return event->error; }
const char* rd_kafka_event_error_string(rd_kafka_event_t* event) { return event->text.c_str(); }
rd_kafka_topic_partition_list_t* rd_kafka_event_topic_partition_list(rd_kafka_event_t* event) {
  return event->partitions;
}
const rd_kafka_message_t* rd_kafka_event_message_next(rd_kafka_event_t* /*event*/) { return nullptr; }
// Of `tail` alone, which no world runs.
int64_t rd_kafka_message_timestamp(const rd_kafka_message_t* /*message*/, rd_kafka_timestamp_type_t* type) {
  if (type != nullptr) *type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  return -1;
}
const char* rd_kafka_message_errstr(const rd_kafka_message_t* message) { return rd_kafka_err2str(message->err); }

rd_kafka_topic_partition_list_t* rd_kafka_topic_partition_list_new(int /*size*/) {
  return new rd_kafka_topic_partition_list_t{};
}
void rd_kafka_topic_partition_list_destroy(rd_kafka_topic_partition_list_t* list) {
  for (int i = 0; i < list->cnt; ++i) std::free(list->elems[i].topic);
  std::free(list->elems);
  delete list;
}
rd_kafka_topic_partition_t* rd_kafka_topic_partition_list_add(rd_kafka_topic_partition_list_t* list, const char* topic,
                                                              int32_t partition) {
  ++list->cnt;
  list->elems = static_cast<rd_kafka_topic_partition_t*>(
      std::realloc(list->elems, static_cast<std::size_t>(list->cnt) * sizeof(rd_kafka_topic_partition_t)));
  auto& made = list->elems[list->cnt - 1];
  made = {};
  made.topic = strdup(topic);
  made.partition = partition;
  return &made;
}
rd_kafka_topic_partition_t* rd_kafka_topic_partition_list_find(const rd_kafka_topic_partition_list_t* list,
                                                               const char* topic, int32_t partition) {
  for (int i = 0; i < list->cnt; ++i) {
    if (list->elems[i].partition == partition && std::strcmp(list->elems[i].topic, topic) == 0) return &list->elems[i];
  }
  return nullptr;
}

// Groups.
rd_kafka_resp_err_t rd_kafka_poll_set_consumer(rd_kafka_t* /*client*/) { return RD_KAFKA_RESP_ERR_NO_ERROR; }
rd_kafka_resp_err_t rd_kafka_subscribe(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* topics) {
  client->member->subscribe(topics->elems[0].topic);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}
rd_kafka_error_t* rd_kafka_incremental_assign(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* partitions) {
  client->member->assigned(partitions);
  return nullptr;
}
rd_kafka_error_t* rd_kafka_incremental_unassign(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* partitions) {
  client->member->unassigned(partitions);
  return nullptr;
}
rd_kafka_resp_err_t rd_kafka_pause_partitions(rd_kafka_t* /*client*/, rd_kafka_topic_partition_list_t* /*which*/) {
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}
int rd_kafka_assignment_lost(rd_kafka_t* client) { return client->member->lost() ? 1 : 0; }
rd_kafka_resp_err_t rd_kafka_commit_queue(
    rd_kafka_t* client, const rd_kafka_topic_partition_list_t* /*offsets*/, rd_kafka_queue_t* answer_to,
    void (* /*told*/)(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*, void*), void* /*opaque*/) {
  client->member->commit(answer_to);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}
rd_kafka_error_t* rd_kafka_consumer_close_queue(rd_kafka_t* client, rd_kafka_queue_t* /*queue*/) {
  client->member->close();
  return nullptr;
}
int rd_kafka_consumer_closed(rd_kafka_t* client) { return client->member->closed() ? 1 : 0; }

}  // extern "C"
