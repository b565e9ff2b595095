#pragma once
// What goes to Kafka: encoded records, and the transaction that carries them with their progress.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/authority.hpp"
#include "model/topic_offsets.hpp"

namespace oes {

/// One encoded record: its key and, directly after it, its value, in `record_batch::bytes`.
struct record_ref {
  std::uint32_t offset = 0;
  std::uint32_t value_size = 0;
  std::uint16_t key_size = 0;
  std::uint16_t topic = 0;  ///< index into record_batch::topics
  bool tombstone = false;   ///< null value (facilities list only)
};

/// Encoded records in the order in which they must reach Kafka. Payloads stay in `bytes` until the transaction's end:
/// the publisher does not copy them.
struct record_batch {
  std::vector<std::string> topics;
  std::vector<std::string> schemas;  ///< `schema` headers, parallel to `topics`; empty, or missing: no header
  std::string bytes;
  std::vector<record_ref> records;

  [[nodiscard]] bool empty() const { return records.empty(); }
  [[nodiscard]] std::string_view schema(const record_ref& r) const {
    return r.topic < schemas.size() ? std::string_view(schemas[r.topic]) : std::string_view();
  }
  [[nodiscard]] std::string_view key(const record_ref& r) const {
    return std::string_view(bytes).substr(r.offset, r.key_size);
  }
  [[nodiscard]] std::string_view value(const record_ref& r) const {
    return std::string_view(bytes).substr(r.offset + r.key_size, r.value_size);
  }
};

/// How much one chunk, or one transaction, may hold.
struct chunk_limits {
  std::size_t records = 50'000;
  std::size_t bytes = 16UL * 1024 * 1024;
};

/// A record of the progress topic. An empty value is a tombstone.
struct progress_message {
  std::string key;
  std::string value;
};

inline void append(std::vector<progress_message>& to, std::vector<progress_message> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

enum class transaction_purpose {
  commit,
  /// Whether the topics would take the data: it is sent, never committed, and nothing of progress goes with it. Where
  /// there are no transactions (at_least_once) nothing is sent.
  rehearsal,
};

/// One Kafka transaction, in producing order: begin → data → ledger and dictionary → progress last (guarantee.md §2).
struct transaction {
  std::int64_t sequence = 0;
  authority under;  ///< sent under no other
  /// Where its first record must land, because that was the end of the progress topic when it was read: nobody else
  /// writes there. -1: nothing was read since this producer's last transaction.
  std::int64_t lands_at = -1;
  /// What is known to be there: all of it must land beyond.
  std::int64_t progress_end = -1;
  last_offsets written;
  progress_message begin;
  std::vector<record_batch> data;
  std::vector<progress_message> progress;
  transaction_purpose purpose = transaction_purpose::commit;
};

/// Where a committed transaction stands on the progress topic.
struct commit_receipt {
  std::int64_t sequence = 0;
  std::int64_t progress_offset = -1;  ///< offset of the last progress record
  std::int64_t begin_offset = -1;     ///< offset of the first one; -1: not known (the outcome was read from the topic)
  last_offsets data = {};             ///< the highest offset that it wrote in each data partition; empty: not known
};

}  // namespace oes
