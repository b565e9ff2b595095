#pragma once
// Which of the submissions that wait go into the next transaction, and what becomes of them when it fails: the one that
// Kafka refuses must not hold up the others. Pure.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "commit/transaction_size.hpp"
#include "model/error.hpp"

namespace oes {

/// One that waits, in order of arrival.
struct parcel {
  std::uint64_t number = 0;  ///< its own, never another one's: what is known of it outlives it
  std::size_t records = 0;
  std::size_t bytes = 0;
};

/// What becomes of a failed transaction's submissions.
enum class after_failure_verdict {
  wait_and_repeat,  ///< Kafka as a whole is in trouble, or may be
  repeat,           ///< at once, differently packed
  put_last,         ///< its only submission lets the others go first
  give_back,        ///< its only submission is the one that is refused
  cut_anew,         ///< its only submission is more than Kafka takes in time: in smaller parts it may pass
};

/// Sending the same again would be refused again; of the progress topic, for its size.
bool is_refusal(const error& why);

class packing {
 public:
  packing(transaction_size most, std::string progress_topic)
      : most_(most), progress_topic_(std::move(progress_topic)) {}

  /// So many of those that wait, from the front on: as many as a transaction may hold, or one that is under suspicion.
  [[nodiscard]] std::size_t count(const std::vector<parcel>& waiting) const;
  /// What a transaction may hold just now.
  [[nodiscard]] const chunk_limits& most() const { return most_.now(); }
  void committed(const std::vector<parcel>& sent, std::chrono::steady_clock::duration lasted);
  /// `why`: not_committed, a refusal, too_large without a topic (Kafka took a part in time), or kafka_unavailable
  /// (nothing was sent, which says nothing of the batches).
  after_failure_verdict failed(const std::vector<parcel>& sent, const error& why);
  /// All that waited was handed back: nothing is known of what comes.
  void forget();

 private:
  struct record {
    int failures = 0;
    bool others_went = false;  ///< since its first failure on its own
  };
  after_failure_verdict taken_in_part(const std::vector<parcel>& sent);
  after_failure_verdict failed_alone(std::uint64_t number, const error& why);

  transaction_size most_;
  std::string progress_topic_;
  int together_failed_ = 0;
  std::map<std::uint64_t, record> alone_;  ///< were in a transaction that failed: go by themselves
};

}  // namespace oes
