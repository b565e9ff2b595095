#include "simulation/kafka/reader.hpp"

#include <utility>
#include <vector>

namespace oes::simulation {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_at_once = 500;

struct owned_message {
  rd_kafka_message_t shown{};
  std::string key;
  std::string payload;
};

rd_kafka_message_t* new_message(rd_kafka_topic_t* topic, std::int32_t partition, std::int64_t offset) {
  auto* made = new owned_message;
  made->shown.rkt = topic;
  made->shown.partition = partition;
  made->shown.offset = offset;
  made->shown._private = made;
  return &made->shown;
}

rd_kafka_message_t* new_message(rd_kafka_topic_t* topic, std::int32_t partition, std::int64_t offset,
                                const stored_record& record) {
  auto* shown = new_message(topic, partition, offset);
  auto* made = static_cast<owned_message*>(shown->_private);
  made->key = record.key;
  made->payload = record.value.value_or("");
  shown->key = made->key.data();
  shown->key_len = made->key.size();
  if (record.value) shown->payload = made->payload.data();
  shown->len = made->payload.size();
  return shown;
}

}  // namespace

struct simulated_reader::fetched {
  std::vector<std::pair<std::int64_t, stored_record>> records;
  std::int64_t next = 0;
  std::int64_t limit = 0;
  bool there = false;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
};

simulated_reader::simulated_reader(rd_kafka_s& client)
    : client_(client), committed_only_(client.value_of("isolation.level", "read_committed") == "read_committed") {}

void simulated_reader::start(rd_kafka_topic_t* topic, std::int32_t partition, std::int64_t offset,
                             std::shared_ptr<message_queue> into) {
  const topic_partition where{topic->name, partition};
  if (!into) into = std::make_shared<message_queue>();
  running_[where] = {topic, offset, -1, ++serials_, std::move(into)};
  fetch(where, serials_);
}

void simulated_reader::stop(const rd_kafka_topic_t* topic, std::int32_t partition) {
  running_.erase({topic->name, partition});
}

void simulated_reader::fetch(const topic_partition& where, std::uint64_t serial) {
  const auto here = running_.find(where);
  if (here == running_.end() || here->second.serial != serial) return;
  const auto came = std::make_shared<fetched>();
  auto arrives = [came, where, next = here->second.next, committed = committed_only_, &to = client_.to] {
    const auto* log = to.read_view(where.first, where.second);
    if (log == nullptr || to.refuses("Describe topic", where.first)) return;
    came->there = true;
    if (to.refuses("Read topic", where.first)) came->error = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
    if (next > log->end()) came->error = RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET;
    if (came->error != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    came->limit = committed ? log->stable_end(to.on().now() - to.stable_lag) : log->end();
    came->next = next;
    while (came->next < came->limit && came->records.size() < most_at_once) {
      const auto& record = log->at(came->next);
      const bool shown = record.what == stored_record::kind::data && !record.compacted &&
                         !(committed && record.became != stored_record::fate::committed);
      if (shown) came->records.emplace_back(came->next, record);
      ++came->next;
    }
  };
  client_.send(api_fetch, std::move(arrives), [this, came, where, serial](bool answered) {
    const auto still = running_.find(where);
    if (still == running_.end() || still->second.serial != serial) return;
    if (answered && came->there) take_in(where, still->second, *came);
    const auto pause = answered ? client_.span_of("fetch.wait.max.ms", milliseconds(500)) : milliseconds(20);
    const bool more = answered && came->next < came->limit;
    client_.after(more ? milliseconds(0) : pause, [this, where, serial] { fetch(where, serial); });
  });
}

void simulated_reader::take_in(const topic_partition& where, fetching& one, const fetched& came) {
  if (came.error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (std::exchange(one.error_told, came.error) == came.error) return;
    auto* told = new_message(one.topic, where.second, one.next);
    told->err = came.error;
    one.into->push_back(told);
    return client_.changed();
  }
  one.error_told = RD_KAFKA_RESP_ERR_NO_ERROR;
  for (const auto& [offset, record] : came.records) {
    one.into->push_back(new_message(one.topic, where.second, offset, record));
  }
  one.next = came.next;
  // Beyond the last stable offset nothing is told: the end is somewhere else.
  if (one.next == came.limit && one.end_told != one.next) {
    one.end_told = one.next;
    auto* end = new_message(one.topic, where.second, one.next);
    end->err = RD_KAFKA_RESP_ERR__PARTITION_EOF;
    one.into->push_back(end);
  }
  client_.changed();
}

rd_kafka_message_t* simulated_reader::take(message_queue& from, int timeout_ms) {
  const auto until = deadline_in(client_, timeout_ms);
  while (from.empty() && client_.now() < until) client_.wait(until);
  if (from.empty()) return nullptr;
  auto* first = from.front();
  from.pop_front();
  return first;
}

rd_kafka_message_t* simulated_reader::take(const rd_kafka_topic_t* topic, std::int32_t partition, int timeout_ms) {
  const auto found = running_.find({topic->name, partition});
  if (found == running_.end()) return nullptr;
  const auto queue = found->second.into;
  return take(*queue, timeout_ms);
}

}  // namespace oes::simulation

void rd_kafka_message_destroy(rd_kafka_message_t* message) {
  delete static_cast<oes::simulation::owned_message*>(message->_private);
}
