#pragma once
// What went over the wire for one transaction, and whether a late EndTxn could still be on its way (guarantee.md §4).
#include <atomic>
#include <cstdint>

#include "kafka/kafka_handle.hpp"

namespace oes {

struct wire_counts {
  int end_txn_sent = 0;
  /// Requests of the transaction that ended without a clean reply: disconnected, timed out.
  int failed_replies = 0;
};

/// A committed transaction after which the producer has to be replaced: the request that ended it may have a twin that
/// has not reached the broker yet, and would end the next one.
constexpr bool suspicious(wire_counts counts) { return counts.end_txn_sent != 1 || counts.failed_replies != 0; }

/// Fed by librdkafka's interceptors on its own threads. Must outlive the client.
class wire_watch {
 public:
  void transaction_begins() {
    end_txn_sent_ = 0;
    failed_replies_ = 0;
  }
  void request_sent(std::int16_t api_key);
  /// Only `failed` says something: 2.0.2 reports a reply twice for queued requests, and one where none came.
  void reply(std::int16_t api_key, bool failed);
  [[nodiscard]] wire_counts counts() const { return {end_txn_sent_, failed_replies_}; }

  /// From now on the clients made of `conf` report here.
  void attach(rd_kafka_conf_t* conf);

 private:
  std::atomic<int> end_txn_sent_ = 0;
  std::atomic<int> failed_replies_ = 0;
};

}  // namespace oes
