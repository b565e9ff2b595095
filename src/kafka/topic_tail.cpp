#include "kafka/topic_tail.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "async/clock.hpp"
#include "kafka/consumer.hpp"
#include "kafka/partition_extents.hpp"

namespace oes {
namespace {

constexpr int offsets_timeout_ms = 15'000;
constexpr int tail_poll_ms = 200;
constexpr auto patience_with_a_tail = std::chrono::seconds(60);
constexpr auto between_looks = std::chrono::seconds(30);
constexpr auto patience_with_a_look = std::chrono::seconds(1);
constexpr std::int64_t no_end = -1;
// Offsets looked back for each record that is wanted: markers and aborted records have offsets too.
constexpr std::int64_t first_look_back = 2;
constexpr std::int64_t longer_look_back = 8;

using place = std::pair<std::string, std::int32_t>;  // topic, partition

utc_time produced_at(const rd_kafka_message_t& message) {
  return utc_time(std::chrono::milliseconds(rd_kafka_message_timestamp(&message, nullptr)));
}

class tail {
 public:
  tail(kafka_consumer& consumer, const tail_watch& watch) : consumer_(consumer), watch_(watch) {}

  // The partitions as they are now; which of the topics are not there.
  result<std::vector<std::string>> look(const std::vector<std::string>& topics) {
    std::vector<std::string> missing;
    wanted_ = topics;
    for (const auto& topic : topics) {
      const auto found = partitions_of(consumer_.get(), topic);
      if (!found) return error{errc::kafka_unavailable, found.error().context};
      if (found->empty()) missing.push_back(topic);
      for (const auto& one : *found) extents_[{topic, one.number}] = one;
    }
    if (extents_.empty()) {
      return error{errc::kafka_refused, "topic " + missing.front() + " is not there, or may not be seen"};
    }
    return missing;
  }

  result<void> run(const tail_start& from, tail_end until) {
    std::map<place, std::int64_t> begin;
    if (std::holds_alternative<from_time>(from)) {
      auto at = offsets_since(std::get<from_time>(from).at);
      if (!at) return at.error();
      begin = std::move(*at);
    } else if (std::holds_alternative<from_newest>(from)) {
      const auto shown = show_newest(std::get<from_newest>(from).count);
      if (!shown) return shown.error();
    }
    for (const auto& [where, extent] : extents_)
      begin.try_emplace(where, std::holds_alternative<from_earliest>(from) ? extent.begin : extent.end);
    watch_.caught_up();
    return read(begin, until, [this](const rd_kafka_message_t& message, const place& where) {
      watch_.record(where.first, bytes_of(message.key, message.key_len), bytes_of(message.payload, message.len));
    });
  }

 private:
  using taker = std::function<void(const rd_kafka_message_t&, const place&)>;

  // Reads on from `begin`; with at_ends_seen to the ends that were seen.
  result<void> read(const std::map<place, std::int64_t>& begin, tail_end until, const taker& take) {
    const kafka_queue queue(rd_kafka_queue_new(consumer_.get()));
    left_.clear();
    for (const auto& [where, offset] : begin) {
      const auto end = extents_.at(where).end;
      if (until == tail_end::never) {
        left_[where] = no_end;
      } else if (offset < end) {
        left_[where] = end;
      }
    }
    auto going = start(begin, queue.get());
    auto last = steady_now();
    auto looked = last;
    bool idle = true;
    while (going && !left_.empty() && watch_.goes_on()) {
      const kafka_message message(rd_kafka_consume_queue(queue.get(), idle ? tail_poll_ms : 0));
      if (!message && !std::exchange(idle, true)) watch_.caught_up();
      if (message) {
        idle = false;
        last = steady_now();
        going = step(*message, take);
      } else if (until == tail_end::at_ends_seen && steady_now() - last > patience_with_a_tail) {
        going = error{errc::kafka_unavailable, "nothing came for a minute"};
      }
      if (going && until == tail_end::never && steady_now() - looked > between_looks) {
        going = look_again(queue.get());
        looked = steady_now();
      }
    }
    stop();
    watch_.caught_up();
    return going;
  }

  result<void> start(const std::map<place, std::int64_t>& begin, rd_kafka_queue_t* queue) {
    for (const auto& [where, offset] : begin) {
      if (!left_.contains(where)) continue;
      auto& topic = topics_[where.first];
      if (!topic) topic.reset(rd_kafka_topic_new(consumer_.get(), where.first.c_str(), nullptr));
      if (rd_kafka_consume_start_queue(topic.get(), where.second, offset, queue) != 0)
        return refused(where.first, rd_kafka_last_error());
      running_.push_back(where);
    }
    return {};
  }

  // Partitions that were added, and topics that have come, from their beginnings: nobody has seen what they have.
  // librdkafka tells of them nobody who is in no group. What cannot be told now is asked again.
  result<void> look_again(rd_kafka_queue_t* queue) {
    std::map<place, std::int64_t> added;
    for (const auto& topic : wanted_) {
      const auto numbers = partition_numbers(consumer_.get(), topic, patience_with_a_look);
      if (!numbers) break;
      for (const auto number : *numbers) {
        const place where{topic, number};
        if (left_.try_emplace(where, no_end).second) added[where] = RD_KAFKA_OFFSET_BEGINNING;
      }
    }
    return start(added, queue);
  }

  void stop() {
    for (const auto& where : running_) rd_kafka_consume_stop(topics_.at(where.first).get(), where.second);
    running_.clear();
  }

  result<void> step(const rd_kafka_message_t& message, const taker& take) {
    const place where{message.rkt != nullptr ? rd_kafka_topic_name(message.rkt) : "", message.partition};
    const auto at = left_.find(where);
    switch (message.err) {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        if (at == left_.end()) return {};
        if (at->second == no_end || message.offset < at->second) take(message, where);
        if (at->second != no_end && message.offset + 1 >= at->second) left_.erase(at);
        return {};
      case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        if (at != left_.end() && at->second != no_end && message.offset >= at->second) left_.erase(at);
        return {};
      case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        return error{errc::kafka_unavailable, "topic " + where.first + ": records were deleted while they were read"};
      case RD_KAFKA_RESP_ERR__BAD_MSG:
      case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
        return error{errc::refused, "topic " + where.first + ", partition " + std::to_string(where.second) +
                                        ", offset " + std::to_string(message.offset) +
                                        ": the broker has a damaged batch of records"};
      case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
      case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        return refused(where.first, message.err);
      default:
        return {};  // librdkafka goes on trying, and the log tells
    }
  }

  static error refused(const std::string& topic, rd_kafka_resp_err_t why) {
    const std::string remedy =
        why == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ? "; give this user the right Read on the topic" : "";
    return {errc::kafka_refused, "topic " + topic + " cannot be read: " + rd_kafka_err2str(why) + remedy};
  }

  result<std::map<place, std::int64_t>> offsets_since(utc_time at) {
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
    const kafka_partitions asked(rd_kafka_topic_partition_list_new(static_cast<int>(extents_.size())));
    for (const auto& [where, extent] : extents_)
      rd_kafka_topic_partition_list_add(asked.get(), where.first.c_str(), where.second)->offset = since;
    const auto failed = rd_kafka_offsets_for_times(consumer_.get(), asked.get(), offsets_timeout_ms);
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return error{errc::kafka_unavailable,
                   std::string("the topics cannot be asked by time: ") + rd_kafka_err2str(failed)};
    }
    std::map<place, std::int64_t> out;
    for (int i = 0; i < asked->cnt; ++i) {
      const auto& one = asked->elems[i];
      if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR) return refused(one.topic, one.err);
      const place where{one.topic, one.partition};
      out[where] = one.offset < 0 ? extents_.at(where).end : one.offset;  // below 0: nothing is that new
    }
    return out;
  }

  // Farther and farther back, until each partition has given enough or is read from its beginning. What is written
  // later may be older, but by few records only.
  result<void> show_newest(std::int64_t count) {
    const newest_kept none(static_cast<std::size_t>(count));
    std::map<place, newest_kept> kept;
    auto back = std::max<std::int64_t>(count * first_look_back, 100);
    std::map<place, std::int64_t> begin;
    for (const auto& [where, extent] : extents_) begin[where] = std::max(extent.begin, extent.end - back);
    while (!begin.empty()) {
      for (const auto& [where, offset] : begin) kept.insert_or_assign(where, none);
      const auto done = read(begin, tail_end::at_ends_seen, [&](const rd_kafka_message_t& message, const place& where) {
        const auto key = bytes_of(message.key, message.key_len);
        const auto value = bytes_of(message.payload, message.len);
        auto age = watch_.age(key, value, produced_at(message));
        if (!age) return;
        kept.at(where).add(
            {std::move(*age), where.first, where.second, message.offset, std::string(key), std::string(value)});
      });
      if (!done) return done.error();
      if (!watch_.goes_on()) return {};
      back *= longer_look_back;
      std::erase_if(begin, [&](const auto& one) {
        return kept.at(one.first).is_full() || one.second <= extents_.at(one.first).begin;
      });
      for (auto& [where, offset] : begin) offset = std::max(extents_.at(where).begin, extents_.at(where).end - back);
    }
    auto all = none;
    for (auto& [where, records] : kept) {
      for (auto& one : records.take()) all.add(std::move(one));
    }
    for (const auto& one : all.take()) {
      if (!watch_.goes_on()) break;
      watch_.record(one.topic, one.key, one.value);
    }
    return {};
  }

  kafka_consumer& consumer_;
  const tail_watch& watch_;
  std::vector<std::string> wanted_;
  std::map<place, partition_extent> extents_;
  std::map<place, std::int64_t> left_;  ///< what is read, up to where
  std::map<std::string, kafka_topic> topics_;
  std::vector<place> running_;
};

}  // namespace

result<void> tail_topics(const connection_settings& settings, const std::vector<std::string>& topics,
                         const tail_start& from, tail_end until, const tail_watch& watch, logger& log) {
  const auto pace = until == tail_end::never ? consumer_pace::steady : consumer_pace::quick;
  const auto consumer = kafka_consumer::open(settings, isolation_level::read_committed, log, pace);
  if (!consumer) return consumer.error();
  tail work(**consumer, watch);
  const auto missing = work.look(topics);
  if (!missing) return missing.error();
  for (const auto& topic : *missing) log.warn("a topic is not there, or may not be seen", {{"topic", topic}});
  return work.run(from, until);
}

}  // namespace oes
