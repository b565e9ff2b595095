#pragma once
// What was published of one member (stream, metric), point by point, as far back as answers are compared. Dense: ten
// bytes a point.
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "model/interval.hpp"
#include "model/ledger.hpp"
#include "model/range_set.hpp"

namespace oes {

class ledger {
 public:
  struct entry {
    std::uint64_t value_hash = 0;  ///< 0: nothing was published of this point
    std::uint16_t revision = 0;
    [[nodiscard]] bool published() const { return value_hash != 0; }
  };

  explicit ledger(interval_size interval) : interval_(interval) {}
  /// As the progress topic holds it, from `from` on: what is older is not compared, and would cost memory.
  ledger(interval_size interval, const ledger_image& image, network_time from = network_time::min());

  /// nullopt: nothing was ever published of this series.
  [[nodiscard]] std::optional<std::uint16_t> find(const series_labels& labels) const;
  /// Series that have an id.
  [[nodiscard]] std::size_t series() const { return lanes_.size(); }
  /// A new id. Callers make sure that there are no more than most_series_of_a_member: std::length_error else.
  std::uint16_t add(const series_labels& labels);

  [[nodiscard]] entry at(std::uint16_t series, network_time label) const;
  /// Of its newest label of which something was published.
  [[nodiscard]] entry newest(std::uint16_t series) const;
  /// Of how many labels in `range` something was published.
  [[nodiscard]] std::size_t published(std::uint16_t series, time_range range) const;
  /// Of some series, something was published there.
  [[nodiscard]] bool published(time_range range) const;
  void put(std::uint16_t series, network_time label, entry published);
  /// Everything published of one label.
  [[nodiscard]] ledger_row row(network_time label) const;
  /// Older labels of which something is known.
  [[nodiscard]] std::vector<network_time> labels_before(network_time label) const;
  /// Drops what is older; returns the labels of which something was known.
  std::vector<network_time> forget_before(network_time label);

  /// Memory of the points themselves, bytes.
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::size_t points() const;

 private:
  // One series; index: slot - base_. As long as its newest point needs.
  struct lane {
    std::vector<std::uint64_t> hashes;
    std::vector<std::uint16_t> revisions;
    void reach(std::size_t size);
  };

  [[nodiscard]] std::int64_t slot_of(network_time label) const;
  std::size_t make_room(network_time label);
  [[nodiscard]] std::size_t slots_before(network_time label) const;

  interval_size interval_;
  std::int64_t base_ = 0;
  std::vector<network_time> labels_;  ///< by slot - base_; network_time::min(): nothing published there
  std::vector<lane> lanes_;           ///< by series id
  std::map<series_labels, std::uint16_t> ids_;
};

}  // namespace oes
