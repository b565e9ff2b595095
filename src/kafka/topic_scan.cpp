#include "kafka/topic_scan.hpp"

#include <chrono>
#include <utility>

#include "async/clock.hpp"
#include "kafka/consumer.hpp"
#include "kafka/fault.hpp"
#include "kafka/partition_extents.hpp"
#include "kafka/watermarks.hpp"

namespace oes {
namespace {

using std::chrono::seconds;

constexpr int moment_ms = 1000;
constexpr int scan_poll_ms = 200;
constexpr auto patience_with_a_scan = seconds(60);
constexpr auto all_ends_within = seconds(10);
constexpr auto between_reports = seconds(2);

class scan {
 public:
  scan(const scan_watch& watch, const topic_extents& wanted) : watch_(watch) {
    for (const auto& [topic, extent] : wanted) {
      for (const auto& one : extent.partitions) {
        if (one.end > one.begin) left_[{topic, one.number}] = one;
        total_ += one.end - one.begin;
      }
    }
  }

  result<void> run(rd_kafka_t* handle) {
    const kafka_queue queue(rd_kafka_queue_new(handle));
    auto started = start(handle, queue.get());
    auto last = steady_now();
    auto reported = last;
    while (started && !left_.empty()) {
      const kafka_message message(rd_kafka_consume_queue(queue.get(), scan_poll_ms));
      const auto now = steady_now();
      const auto before = standing();
      if (message) started = take(*message);
      if (before != standing()) last = now;  // errors, and partitions that are done, bring nothing nearer
      if (watch_.goes_on && !watch_.goes_on()) started = error{errc::stopped, "stopped"};
      if (now - last > patience_with_a_scan) started = error{errc::kafka_unavailable, "nothing came for a minute"};
      if (now - reported < between_reports) continue;
      reported = now;
      watch_.progress(done_, total_);
    }
    stop();
    return started;
  }

 private:
  result<void> start(rd_kafka_t* handle, rd_kafka_queue_t* queue) {
    for (const auto& [key, one] : left_) {
      auto& topic = topics_[key.first];
      if (!topic) topic.reset(rd_kafka_topic_new(handle, key.first.c_str(), nullptr));
      if (rd_kafka_consume_start_queue(topic.get(), one.number, one.begin, queue) != 0)
        return cannot_be_read(handle, key.first, rd_kafka_last_error());
      running_.emplace_back(topic.get(), one.number);
    }
    return {};
  }

  result<void> take(const rd_kafka_message_t& message) {
    const std::string topic = message.rkt != nullptr ? rd_kafka_topic_name(message.rkt) : "";
    const auto at = left_.find({topic, message.partition});
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      if (at != left_.end() && message.offset >= at->second.end) finish(at);
      return {};
    }
    if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message.err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
      return error{errc::kafka_unavailable, "topic " + topic + ": records were deleted while they were read"};
    }
    if (is_corrupt(message.err)) {
      // librdkafka goes on after it, as if there were nothing.
      auto damaged =
          error{errc::refused, "topic " + topic + ", partition " + std::to_string(message.partition) + ", offset " +
                                   std::to_string(message.offset) + ": the broker has a damaged batch of records (" +
                                   rd_kafka_err2str(message.err) + "), so what was published cannot be told"};
      damaged.topic = topic;
      return damaged;
    }
    if (message.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
      return refusal(topic, "topic " + topic + " cannot be read: " + rd_kafka_err2str(message.err));
    }
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR || at == left_.end()) return {};
    auto& here = at->second;
    if (message.offset < here.end) {
      watch_.record({topic, message.partition, bytes_of(message.key, message.key_len),
                     bytes_of(message.payload, message.len), message.offset});
    }
    done_ += message.offset + 1 - here.begin;
    here.begin = message.offset + 1;
    if (here.begin >= here.end) finish(at);
    return {};
  }

  void finish(std::map<std::pair<std::string, std::int32_t>, partition_extent>::iterator at) {
    done_ += std::max<std::int64_t>(at->second.end - at->second.begin, 0);
    left_.erase(at);
  }

  [[nodiscard]] std::pair<std::int64_t, std::size_t> standing() const { return {done_, left_.size()}; }

  void stop() {
    for (const auto& [topic, number] : running_) rd_kafka_consume_stop(topic, number);
    topics_.clear();
  }

  const scan_watch& watch_;
  std::map<std::pair<std::string, std::int32_t>, partition_extent> left_;
  std::map<std::string, kafka_topic> topics_;
  std::vector<std::pair<rd_kafka_topic_t*, std::int32_t>> running_;
  std::int64_t total_ = 0;
  std::int64_t done_ = 0;
};

}  // namespace

next_offsets topic_ends(const connection_settings& settings, const std::vector<std::string>& topics, logger& log) {
  next_offsets out;
  const auto handle = kafka_consumer::open(settings, isolation_level::read_uncommitted, log);
  if (!handle) return out;
  // Whoever asks leads, and has to serve its lease.
  const auto deadline = steady_now() + all_ends_within;
  for (const auto& topic : topics) {
    if (steady_now() > deadline) break;
    const kafka_topic named(rd_kafka_topic_new((*handle)->get(), topic.c_str(), nullptr));
    const rd_kafka_metadata_t* raw = nullptr;
    if (rd_kafka_metadata((*handle)->get(), 0, named.get(), &raw, moment_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const kafka_metadata metadata(raw);
    if (metadata->topic_cnt != 1) continue;
    for (int i = 0; i < metadata->topics[0].partition_cnt && steady_now() <= deadline; ++i) {
      const auto number = metadata->topics[0].partitions[i].id;
      std::int64_t high = 0;
      const auto unasked = ask_high((*handle)->get(), topic, number, std::chrono::milliseconds(moment_ms), high);
      if (unasked == RD_KAFKA_RESP_ERR_NO_ERROR) out[topic][number] = high;
    }
  }
  return out;
}

next_offsets ends_of(const topic_extents& extents) {
  next_offsets out;
  for (const auto& [topic, extent] : extents) {
    for (const auto& one : extent.partitions) out[topic][one.number] = one.end;
  }
  return out;
}

// Ends as a read_uncommitted handle sees them: another is told the last stable offset (guarantee.md §3).
result<topic_extents> measure_topics(const connection_settings& settings, const std::vector<std::string>& topics,
                                     logger& log) {
  const auto handle = kafka_consumer::open(settings, isolation_level::read_uncommitted, log);
  if (!handle) return handle.error();
  topic_extents out;
  for (const auto& topic : topics) {
    auto found = partitions_of((*handle)->get(), topic);
    if (!found) return found.error();
    auto& extent = out[topic];
    extent.partitions = std::move(*found);
    for (const auto& one : extent.partitions) {
      extent.first += one.begin;
      extent.offsets += one.end - one.begin;
      if (one.begin > 0) extent.thinned.insert(one.number);
    }
  }
  return out;
}

result<void> scan_topics(const connection_settings& settings, isolation_level level, const topic_extents& extents,
                         const scan_watch& watch, logger& log) {
  const auto handle = kafka_consumer::open(settings, level, log);
  if (!handle) return handle.error();
  scan work(watch, extents);
  return work.run((*handle)->get());
}

}  // namespace oes
