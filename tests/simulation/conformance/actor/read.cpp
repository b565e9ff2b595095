// What a script's process does as a reader without a group.
#include "kafka/consumer.hpp"
#include "kafka/watermarks.hpp"
#include "simulation/conformance/actor/actor.hpp"

namespace oes::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string text(const void* bytes, std::size_t size) {
  return bytes == nullptr ? "-" : std::string(static_cast<const char*>(bytes), std::min<std::size_t>(size, 16));
}

}  // namespace

actor::facts actor::make_reader(const step& one) {
  const connection_settings settings{around_.bootstrap, around_.properties};
  const auto level = one.word(0) == "committed" ? isolation_level::read_committed : isolation_level::read_uncommitted;
  auto properties = consumer_properties(settings, level, consumer_pace::quick);
  properties.emplace_back("client.id", client_id());
  reader_ = new_client(RD_KAFKA_CONSUMER, properties);
  return reader_ ? facts{} : facts{"no client"};
}

actor::facts actor::ends(const step& one) {
  const auto [topic, partition] = parse_place(one.word(0));
  watermarks found;
  const auto failed = ask_watermarks(asking(), full(topic), partition, one.span(1, seconds(10)), found);
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) return {told(failed)};
  return {std::to_string(found.low) + " to " + std::to_string(found.high)};
}

// "read topic/0 from=3 5s": until the end is told, an error comes, or the time is over.
actor::facts actor::read(const step& one) {
  const auto [topic, partition] = parse_place(one.word(0));
  auto* of = handle(asking(), topic);
  const kafka_queue queue(rd_kafka_queue_new(asking()));
  if (rd_kafka_consume_start_queue(of, partition, std::stoll(one.option("from", "0")), queue.get()) != 0) {
    return {told(rd_kafka_last_error())};
  }
  facts out;
  const auto patience = static_cast<int>(one.span(1, seconds(10)).count());
  for (bool goes_on = true; goes_on;) {
    const kafka_message message(rd_kafka_consume_queue(queue.get(), patience));
    if (!message) {
      out.emplace_back("nothing more");
      break;
    }
    const auto at = "@" + std::to_string(message->offset) + " ";
    goes_on = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      out.push_back(at + "end");
    } else if (!goes_on) {
      out.push_back(told(message->err));
    } else {
      out.push_back(at + text(message->key, message->key_len) + "=" + text(message->payload, message->len));
    }
  }
  rd_kafka_consume_stop(of, partition);
  return out;
}

}  // namespace oes::conformance
