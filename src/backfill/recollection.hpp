#pragma once
// What was published before of a group's members, read from the data topics once for many chunks.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backfill/backfill_chunk.hpp"
#include "records/published_points.hpp"

namespace oes {

/// Whose labels are asked for. Of each member only what it wants by then: what lies after that the live stream may
/// still publish, while the topics are read and after that.
struct member_labels {
  std::size_t member = 0;  ///< of the group
  range_set labels;        ///< may be empty
};

/// What the data topics hold of some members of a group, for answers to be compared with.
struct published_before {
  std::vector<published_points> known;  ///< parallel to the members that were asked for
  std::string gone;                     ///< not empty: records that should be there are not; for people
  std::string twice = {};  ///< not empty: a key and revision is there twice, against the promise; for people
  /// What was asked for from there on is not in `known`: memory ended. Behind the first label that there is.
  network_time until = network_time::max();
};

/// Reads the data topics. Errors: kafka_unavailable, stopped.
using recall_published = std::function<boost::asio::awaitable<result<published_before>>(
    const request_group& group, std::vector<member_labels> asked)>;

class recollection {
 public:
  /// What the chunk's members want of its window is known already.
  [[nodiscard]] bool holds(const backfill_chunk& chunk) const;
  /// Reading it for the chunk would tell no more: it holds it, or the beginning that fits into memory.
  [[nodiscard]] bool serves(const backfill_chunk& chunk) const;
  /// Reads it for the chunk, and for as many after it as memory allows. Errors: of the reader's.
  boost::asio::awaitable<result<void>> read(const backfill_chunk& chunk, const recall_published& reader);
  /// After one of the two; parallel to the chunk's members.
  [[nodiscard]] const published_before& before() const { return *before_; }
  /// Nothing from there on is held.
  [[nodiscard]] network_time until() const { return until_; }
  /// Of the chunk's window; likewise.
  [[nodiscard]] std::vector<ledger> known(const backfill_chunk& chunk) const;

 private:
  [[nodiscard]] network_time far_from(const backfill_chunk& chunk) const;

  std::optional<published_before> before_;
  std::size_t group_ = 0;
  network_time begin_ = {};           ///< of the chunk that it was read for
  std::vector<member_labels> asked_;  ///< what it is of
  network_time until_ = {};
  std::optional<std::chrono::seconds>
      fits_;  ///< so much of the members' time, as was seen; nullopt: as much as is asked
};

}  // namespace oes
