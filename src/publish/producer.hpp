#pragma once
// One librdkafka producer and its life: init, records out, delivery reports in. Replaced, never repaired.
#include <array>
#include <chrono>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kafka/kafka_client.hpp"
#include "model/batch.hpp"
#include "model/error.hpp"
#include "publish/deadline.hpp"
#include "publish/landings.hpp"
#include "publish/producer_watch.hpp"
#include "publish/publish_settings.hpp"
#include "publish/wire_watch.hpp"

namespace oes {

enum class init_state { ready, again, broken, refused };
struct init_step {
  init_state state = init_state::again;
  std::string why;
};

/// On the blocking thread only, but for a commit that nobody waits for any more.
class producer final : public std::enable_shared_from_this<producer>, private kafka_client_log {
 public:
  static result<std::shared_ptr<producer>> make(const publish_settings& settings, std::string_view instance,
                                                logger& log, std::shared_ptr<producer_watch> watch = {});
  ~producer();
  producer(const producer&) = delete;
  producer& operator=(const producer&) = delete;

  using kafka_client_log::hide;

  /// Transactional producers only: one slice of init_transactions, which goes on where the last slice stopped.
  init_step init(std::chrono::milliseconds slice);
  [[nodiscard]] bool initialised() const { return initialised_; }

  /// Makes handles for topics not seen before and waits for their metadata, so that no transaction waits for it.
  result<void> know(const std::vector<std::string>& topics, const deadline& until);

  /// Between transactions: takes what librdkafka has to tell, never blocks.
  void serve() const { rd_kafka_poll(client_.get(), 0); }

  // Records. Payloads are not copied: they must stay until await_deliveries() said yes or this object is gone.
  void forget_deliveries() { tally_ = {}; }
  result<void> send(const record_batch& batch, const deadline& until);
  result<void> send_progress(const progress_message& message, const deadline& until);
  /// All sent records have their delivery reports, and every one is good. Errors: not_committed; kafka_refused, with
  /// the topic, where sending the same again would be refused again; too_large, with the progress topic, where
  /// another's progress may well be taken; without a topic, where Kafka has taken a part of the data in time.
  result<void> await_deliveries(const deadline& until);
  /// Of those that were delivered.
  [[nodiscard]] const landings& landed() const { return tally_.landed; }

  /// Asks for the commit, once, on a thread of its own, and waits at most so long for the broker: null is yes. A call
  /// that timed out must not be made again: librdkafka may take the late answer of one of its steps for that of the
  /// next, and say yes to a commit that it has not asked for (seen with 2.0.2 where its main thread came late).
  [[nodiscard]] std::future<kafka_error> commit(std::chrono::milliseconds at_most);
  /// Its commit is left to itself: this object lives until the call returns, and says nothing more.
  void abandon();

  [[nodiscard]] rd_kafka_t* client() const { return client_.get(); }
  wire_watch& wire() { return wire_; }

 private:
  struct tally {
    std::size_t outstanding = 0;
    std::size_t sent = 0;                                     ///< data records
    std::size_t taken = 0;                                    ///< of these
    rd_kafka_resp_err_t failed = RD_KAFKA_RESP_ERR_NO_ERROR;  ///< the first that tells why, else the first at all
    std::string failed_topic;
    landings landed;
  };
  struct outgoing {
    rd_kafka_topic_t* topic = nullptr;
    std::int32_t partition = RD_KAFKA_PARTITION_UA;
    std::string_view key;
    std::string_view value;
    std::string_view schema;  ///< header; empty: none
    bool tombstone = false;
    void* mark = nullptr;
  };

  producer(const publish_settings& settings, logger& log, std::shared_ptr<producer_watch> watch);
  static int on_statistics(rd_kafka_t* client, char* json, std::size_t size, void* self);
  static void on_delivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* self);
  rd_kafka_resp_err_t enqueue(const outgoing& record) const;
  result<void> send(const outgoing& record, const deadline& until);
  void note_failure(rd_kafka_resp_err_t code, const char* topic);
  [[nodiscard]] bool cause_is_known() const;
  [[nodiscard]] error not_delivered() const;
  [[nodiscard]] error why_purged() const;
  [[nodiscard]] error taken_in_part() const;
  [[nodiscard]] result<void> deliveries_so_far() const;
  result<rd_kafka_topic_t*> handle(const std::string& topic);

  std::string progress_topic_;
  std::shared_ptr<producer_watch> watch_;  ///< shared with who shows it; may be empty
  wire_watch wire_;
  tally tally_;
  kafka_client client_;
  std::map<std::string, kafka_topic, std::less<>> topics_;  // after client_: topic handles go before their client
  bool initialised_ = false;
};

}  // namespace oes
