#pragma once
// How many bytes a transaction may have, so that Kafka takes it in time: a quota, or a thin uplink, may take fewer than
// the configuration allows. Pure.
#include <chrono>
#include <cstddef>

#include "model/batch.hpp"

namespace oes {

class transaction_size {
 public:
  /// `longest`: so long a record may take (kafka.message_timeout).
  transaction_size(chunk_limits configured, std::chrono::milliseconds longest)
      : configured_(configured), now_(configured), longest_(longest) {}

  [[nodiscard]] const chunk_limits& now() const { return now_; }
  /// Of so many bytes Kafka took a part in time: half of them is tried next. false: that would be too few to matter.
  bool took_a_part(std::size_t bytes);
  /// All of them. After some that were quick it is twice as much again, up to what is configured.
  void took(std::size_t bytes, std::chrono::steady_clock::duration lasted);

 private:
  chunk_limits configured_;
  chunk_limits now_;
  std::chrono::milliseconds longest_;
  int quick_ = 0;  ///< in a row, of those that tell something: full ones
};

}  // namespace oes
