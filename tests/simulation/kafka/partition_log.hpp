#pragma once
// One partition as its leader keeps it: records and the markers that end transactions, each at an offset.
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace oes::simulation {

/// A producer, and which of its lives.
struct producer_identity {
  std::int64_t id = -1;
  std::int16_t epoch = -1;
  bool operator==(const producer_identity&) const = default;
};

struct stored_record {
  enum class kind { data, commit_marker, abort_marker };
  enum class fate { open, committed, aborted };
  std::string key;
  std::optional<std::string> value;  ///< none: a tombstone
  producer_identity by;
  kind what = kind::data;
  fate became = fate::open;
  bool compacted = false;         ///< its offset alone is left
  std::chrono::nanoseconds at{};  ///< when it was appended
};

struct produced_batch {
  producer_identity by;
  std::int32_t first_sequence = 0;
  bool transactional = true;
  std::size_t bytes = 0;
  std::chrono::nanoseconds at{};
  std::vector<stored_record> records;
};

struct append_outcome {
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::int64_t first_offset = -1;
};

class partition_log {
 public:
  append_outcome append(const produced_batch& batch);
  [[nodiscard]] bool has_open(producer_identity by) const;
  /// The coordinator is about to be asked whether the batch is part of a transaction. What was asked for and never came
  /// to be written stays known: whatever the producer sends behind it leaves a gap.
  void verifies(const produced_batch& batch);
  /// Ends what the producer has open here. Its epoch counts from then on.
  void end_transaction(producer_identity by, bool commit, std::chrono::nanoseconds at = {});

  [[nodiscard]] std::int64_t end() const { return static_cast<std::int64_t>(records_.size()); }
  /// Where the open transaction of a producer begins; the end: it has none here.
  [[nodiscard]] std::int64_t open_from(std::int64_t producer) const {
    const auto open = open_.find(producer);
    return open == open_.end() ? end() : open->second;
  }
  /// As it was when nothing of it was open, as far as that can be had: without what is undecided now.
  [[nodiscard]] partition_log settled_copy() const;
  /// Leaves the newest committed record of each key, of what lies before `end`, and no tombstone.
  void compact(std::int64_t end);
  /// Before it nothing is undecided.
  [[nodiscard]] std::int64_t stable_end() const;
  /// As it was seen at that time.
  [[nodiscard]] std::int64_t stable_end(std::chrono::nanoseconds at) const;
  [[nodiscard]] const stored_record& at(std::int64_t offset) const {
    return records_[static_cast<std::size_t>(offset)];
  }

 private:
  struct known_producer {
    std::int16_t epoch = -1;
    std::int32_t last_first = -1;
    std::int32_t last_count = 0;
    std::int64_t last_offset = -1;
  };
  struct verification {
    std::int16_t epoch = -1;
    std::int32_t lowest = 0;
  };
  std::vector<stored_record> records_;
  std::map<std::int64_t, verification> verified_;
  std::map<std::int64_t, known_producer> producers_;
  std::map<std::chrono::nanoseconds, std::int64_t> stable_;  ///< ends of transactions: where it was stable from then on
  std::map<std::int64_t, std::int64_t> open_;                ///< by producer: where its transaction begins
};

}  // namespace oes::simulation
