#pragma once
// Chosen points → encoded records, interval by interval, so that each transaction is a prefix in time (guarantee.md
// §2).
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/answer.hpp"
#include "model/batch.hpp"
#include "records/record_options.hpp"
#include "records/selection.hpp"
#include "records/version_counter.hpp"

namespace oes {

/// One member's share of an answer.
struct record_plan {
  selection chosen;
  record_options options;
  network_time provisional_from = network_time::max();  ///< points from here on are at the answer's provisional edge
};

/// Where a record of a chunk came from.
struct emitted_point {
  std::uint32_t plan = 0;    ///< index into the builder's plans
  std::uint32_t series = 0;  ///< index into its block's series
  std::uint32_t point = 0;   ///< index into that series' points
};

struct built_chunk {
  record_batch batch;
  std::vector<emitted_point> emitted;  ///< parallel to batch.records
  /// Every chosen point with a label before this has been emitted, in this chunk or an earlier one; after the last
  /// chunk network_time::max(), so take the smaller of this and the window's end.
  network_time complete_before{};
};

/// Borrows `answer`, which must outlive it. All plans must be of that answer's network and interval size. Records of
/// one label come out together, plan by plan; a chunk ends between two labels: whoever was killed after it goes on with
/// the next label. A single label that alone is over the limits makes a chunk of its own that exceeds them. In slices,
/// so that a large answer does not hold up the loop.
class record_builder {
 public:
  record_builder(const time_series_answer& answer, std::vector<record_plan> plans);
  ~record_builder();
  record_builder(record_builder&&) noexcept;

  [[nodiscard]] bool done() const;
  /// The next chunk is to be built. `spare`: a batch whose buffers may be used again.
  void begin(const chunk_limits& limits, record_batch spare = {});
  /// Builds about `records` records of it, or as much work; a label's are never torn. true: it is whole.
  bool advance(std::size_t records, version_counter& versions);
  /// Once, after advance() returned true. At least one record unless there is none left.
  built_chunk take();
  /// The same in one go.
  built_chunk next(const chunk_limits& limits, version_counter& versions, record_batch spare = {});

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

}  // namespace oes
