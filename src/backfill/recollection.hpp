#pragma once
// What was published before of a group's members, read from the data topics once for many chunks.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backfill/backfill_chunk.hpp"

namespace oes {

/// What the data topics hold of some members of a group, for answers to be compared with.
struct published_before {
  time_range labels;
  std::vector<ledger> known;  ///< parallel to the members that were asked for
  std::string gone;           ///< not empty: records that should be there are not; for people
  std::string twice = {};     ///< not empty: a key and revision is there twice; for people
};

/// Reads the data topics. Errors: kafka_unavailable, stopped.
using recall_published = std::function<boost::asio::awaitable<result<published_before>>(
    const request_group& group, std::vector<std::size_t> members, time_range labels)>;

class recollection {
 public:
  /// Of the chunk's labels it is known already.
  [[nodiscard]] bool holds(const backfill_chunk& chunk) const;
  /// Reads it for the chunk, and for as many behind it as memory allows. Errors: of the reader's.
  boost::asio::awaitable<result<void>> read(const backfill_chunk& chunk, const recall_published& reader);
  /// After one of the two; parallel to the chunk's members.
  [[nodiscard]] const published_before& before() const { return *before_; }

 private:
  std::optional<published_before> before_;
  std::size_t group_ = 0;
  std::vector<std::size_t> members_;  ///< of the group, which it is of
};

}  // namespace oes
