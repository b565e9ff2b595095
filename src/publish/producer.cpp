#include "publish/producer.hpp"

#include <utility>

#include "async/clock.hpp"
#include "async/own_thread.hpp"
#include "kafka/fault.hpp"
#include "kafka/kafka_conf.hpp"
#include "model/fault_point.hpp"
#include "publish/client_properties.hpp"
#include "publish/refusal.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;

/// Delivery reports are served while producing every so many records: often enough that the queue does not fill.
constexpr std::size_t serve_every = 512;
/// A record that fails takes the others of its transaction with it, and their reports may come first: so long its own
/// is waited for.
constexpr milliseconds cause_within{1000};

error not_committed(const std::string& why) { return fault(errc::not_committed, why); }

std::string after_last_colon(const std::string& line) {
  const auto colon = line.rfind(": ");
  return colon == std::string::npos ? line : line.substr(colon + 2);
}

/// Not rights: those may be given without a restart.
bool producer_needs_operator(rd_kafka_resp_err_t code) {
  switch (static_cast<int>(code)) {
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
      return true;
    default:
      return false;
  }
}

}  // namespace

producer::producer(const publish_settings& settings, logger& log, std::shared_ptr<producer_watch> watch)
    : kafka_client_log(log, "producer"), progress_topic_(progress_topic(settings)), watch_(std::move(watch)) {}

producer::~producer() = default;

result<std::shared_ptr<producer>> producer::make(const publish_settings& settings, std::string_view instance,
                                                 logger& log, std::shared_ptr<producer_watch> watch) {
  auto conf = make_conf(producer_properties(settings, instance));
  if (!conf) return conf.error();
  std::shared_ptr<producer> made(new producer(settings, log, std::move(watch)));
  if (made->watch_) rd_kafka_conf_set_stats_cb(conf->get(), on_statistics);
  rd_kafka_conf_set_dr_msg_cb(conf->get(), on_delivery);
  made->wire_.attach(conf->get());
  auto client = start_client(RD_KAFKA_PRODUCER, std::move(*conf), *made);
  if (!client) return client.error();
  made->client_ = std::move(*client);
  made->initialised_ = settings.delivery == delivery_guarantee::at_least_once;
  return made;
}

std::future<kafka_error> producer::commit(milliseconds at_most) {
  auto answer = std::make_shared<std::promise<kafka_error>>();
  auto coming = answer->get_future();
  start_own_thread("the commit of a transaction", [self = shared_from_this(), answer, at_most]() mutable {
    kafka_error failed(rd_kafka_commit_transaction(self->client(), static_cast<int>(at_most.count())));
    self.reset();  // first: who has the answer may believe that this thread is done with the producer
    answer->set_value(std::move(failed));
  });
  return coming;
}

void producer::abandon() { rd_kafka_set_log_level(client_.get(), 0); }

init_step producer::init(milliseconds slice) {
  fault_point("producer.before-init");
  const kafka_error failed(rd_kafka_init_transactions(client_.get(), static_cast<int>(slice.count())));
  if (!failed) {
    fault_point("producer.initialised");
    initialised_ = true;
    return {init_state::ready, {}};
  }
  const std::string why = rd_kafka_error_string(failed.get());
  if (producer_needs_operator(rd_kafka_error_code(failed.get()))) {
    return {init_state::refused, why};
  }
  if (rd_kafka_error_code(failed.get()) == RD_KAFKA_RESP_ERR__TIMED_OUT && !heard_lately().empty()) {
    return {init_state::again, heard_lately()};
  }
  const bool resumable = rd_kafka_error_is_fatal(failed.get()) == 0 && rd_kafka_error_is_retriable(failed.get()) != 0;
  return {resumable ? init_state::again : init_state::broken, why};
}

result<rd_kafka_topic_t*> producer::handle(const std::string& topic) {
  auto& known = topics_[topic];
  if (!known) known.reset(rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
  if (!known) return not_committed("topic " + topic + ": " + rd_kafka_err2str(rd_kafka_last_error()));
  return known.get();
}

result<void> producer::know(const std::vector<std::string>& topics, const deadline& until) {
  for (const auto& topic : topics) {
    if (topics_.contains(topic)) continue;
    const auto made = handle(topic);
    if (!made) return made.error();
    const struct rd_kafka_metadata* metadata = nullptr;
    const auto failed = rd_kafka_metadata(client_.get(), 0, *made, &metadata, until.slice_ms(milliseconds(5000)));
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) {
      topics_.erase(topic);
      return not_committed("metadata of topic " + topic + ": " + reason(failed));
    }
    const auto there = metadata->topic_cnt == 1 ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    rd_kafka_metadata_destroy(metadata);
    if (meaning_of(there) == delivery_failure::refused) {
      topics_.erase(topic);
      return refusal(topic, "topic " + topic + ": " + rd_kafka_err2str(there));
    }
  }
  return {};
}

int producer::on_statistics(rd_kafka_t* client, char* json, std::size_t size, void* /*opaque*/) {
  const auto* self = static_cast<producer*>(&owner_of(client));
  self->watch_->told({json, size});
  return 0;  // librdkafka frees it
}

void producer::on_delivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* /*opaque*/) {
  auto* self = static_cast<producer*>(&owner_of(client));
  auto& seen = self->tally_;
  --seen.outstanding;
  const char* topic = rd_kafka_topic_name(message->rkt);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    self->note_failure(message->err, topic);
  } else if (message->_private != nullptr) {
    seen.landed.progress.take(message->offset);
  } else {
    ++seen.taken;
    seen.landed.take(topic, message->partition, message->offset);
  }
}

void producer::note_failure(rd_kafka_resp_err_t code, const char* topic) {
  if (tally_.failed != RD_KAFKA_RESP_ERR_NO_ERROR &&
      (cause_is_known() || meaning_of(code) == delivery_failure::purged)) {
    return;
  }
  tally_.failed = code;
  tally_.failed_topic = topic;
}

bool producer::cause_is_known() const {
  return tally_.failed != RD_KAFKA_RESP_ERR_NO_ERROR && meaning_of(tally_.failed) != delivery_failure::purged;
}

error producer::not_delivered() const {
  const auto& topic = tally_.failed_topic;
  switch (meaning_of(tally_.failed)) {
    case delivery_failure::passing:
      if (tally_.failed == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT && tally_.taken > 0) return taken_in_part();
      return not_committed("a record for topic " + topic + " was not delivered: " + reason(tally_.failed));
    case delivery_failure::refused:
      break;
    case delivery_failure::purged:
      if (!shares_a_batch_with_the_culprit(tally_.failed)) return why_purged();
      break;
  }
  auto why = refusal(topic, "topic " + topic + " refuses records: " + rd_kafka_err2str(tally_.failed));
  // Everybody's progress is there, and how large it is depends on whose it is.
  if (topic == progress_topic_ && is_too_large(tally_.failed)) why.code = errc::too_large;
  return why;
}

/// Kafka is there, and slow: a quota, or a thin uplink.
error producer::taken_in_part() const {
  return fault(errc::too_large, "Kafka took " + std::to_string(tally_.taken) + " of " + std::to_string(tally_.sent) +
                                    " records within kafka.message_timeout");
}

/// No record tells: the transaction itself was refused. librdkafka says of which topic in its log alone.
error producer::why_purged() const {
  const auto line = transaction_line();
  for (const auto& [name, handle] : topics_) {
    if (line.find("\"" + name + "\"") != std::string::npos)
      return refusal(name, "topic " + name + " refuses records: " + after_last_colon(line));
  }
  return not_committed(line.empty() ? "the records were dropped unsent" : line);
}

result<void> producer::deliveries_so_far() const {
  if (tally_.failed == RD_KAFKA_RESP_ERR_NO_ERROR) {
    return {};
  }
  return not_delivered();
}

rd_kafka_resp_err_t producer::enqueue(const outgoing& record) const {
  void* payload = record.tombstone ? nullptr : const_cast<char*>(record.value.data());
  const auto size = record.tombstone ? 0 : record.value.size();
  const void* key = record.key.empty() ? nullptr : record.key.data();
  if (record.schema.empty()) {
    const int failed =
        rd_kafka_produce(record.topic, record.partition, 0, payload, size, key, record.key.size(), record.mark);
    return failed == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error();
  }
  // rd_kafka_produceva() frees a header twice where the partitioner fails (librdkafka issue 4627, not fixed in 2.0.2);
  // this one frees it once in every case, and copies name and value.
  return rd_kafka_producev(client_.get(), RD_KAFKA_V_RKT(record.topic), RD_KAFKA_V_PARTITION(record.partition),
                           RD_KAFKA_V_MSGFLAGS(0), RD_KAFKA_V_VALUE(payload, size),
                           RD_KAFKA_V_KEY(key, record.key.size()), RD_KAFKA_V_OPAQUE(record.mark),
                           RD_KAFKA_V_HEADER("schema", record.schema.data(), record.schema.size()), RD_KAFKA_V_END);
}

result<void> producer::send(const outgoing& record, const deadline& until) {
  for (auto why = enqueue(record); why != RD_KAFKA_RESP_ERR_NO_ERROR; why = enqueue(record)) {
    if (why == RD_KAFKA_RESP_ERR__STATE) {
      // The transaction has failed already: the reports of what was sent before say why, or librdkafka's log.
      const auto settled = await_deliveries(until);
      return settled ? why_purged() : settled.error();
    }
    if (why != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      if (meaning_of(why) == delivery_failure::passing)
        return not_committed(std::string("topic ") + rd_kafka_topic_name(record.topic) + ": " + rd_kafka_err2str(why));
      // Refused here and now: its size.
      note_failure(why, rd_kafka_topic_name(record.topic));
      return await_deliveries(until);
    }
    rd_kafka_poll(client_.get(), until.slice_ms(milliseconds(50)));
    if (until.over()) return not_committed("the producer's queue stayed full");
  }
  ++tally_.outstanding;
  if (record.mark == nullptr) ++tally_.sent;
  return {};
}

result<void> producer::send(const record_batch& batch, const deadline& until) {
  std::vector<rd_kafka_topic_t*> topics;
  topics.reserve(batch.topics.size());
  for (const auto& name : batch.topics) {
    const auto made = handle(name);
    if (!made) return made.error();
    topics.push_back(*made);
  }
  std::size_t count = 0;
  for (const auto& record : batch.records) {
    const outgoing out{topics.at(record.topic),
                       RD_KAFKA_PARTITION_UA,
                       batch.key(record),
                       batch.value(record),
                       batch.schema(record),
                       record.tombstone,
                       nullptr};
    if (auto sent = send(out, until); !sent) return sent;
    fault_point("producer.amid-data");
    if (++count % serve_every == 0) {
      rd_kafka_poll(client_.get(), 0);
      if (tally_.failed != RD_KAFKA_RESP_ERR_NO_ERROR) return await_deliveries(until);
    }
  }
  return {};
}

result<void> producer::send_progress(const progress_message& message, const deadline& until) {
  const auto topic = handle(progress_topic_);
  if (!topic) return topic.error();
  return send(outgoing{*topic, 0, message.key, message.value, {}, message.value.empty(), this}, until);
}

result<void> producer::await_deliveries(const deadline& until) {
  std::optional<steady_time> purged_at;
  while (tally_.outstanding > 0 && !cause_is_known()) {
    rd_kafka_flush(client_.get(), until.slice_ms(milliseconds(200)));
    if (tally_.outstanding > 0 && until.over()) {
      const auto heard = heard_lately();
      return not_committed("no delivery report for " + std::to_string(tally_.outstanding) + " records in time" +
                           (heard.empty() ? "" : ": " + heard));
    }
    if (tally_.failed == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const auto now = steady_now();
    if (!purged_at) purged_at = now;
    if (now - *purged_at > cause_within) break;
  }
  return deliveries_so_far();
}

}  // namespace oes
