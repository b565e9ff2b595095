#pragma once
// What was published of one member's labels beyond the ledger, for answers to be compared with. By label: labels that
// lie far apart cost nothing in between, and the newest can be left out again. Sixteen bytes a point.
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "model/answer.hpp"
#include "model/range_set.hpp"
#include "records/ledger.hpp"

namespace oes {

class published_points {
 public:
  explicit published_points(interval_size interval) : interval_(interval) {}

  /// nullopt: nothing is known of this series.
  [[nodiscard]] std::optional<std::uint16_t> find(const series_labels& labels) const;
  /// Series that have an id.
  [[nodiscard]] std::size_t series() const { return ids_.size(); }
  /// A new id. Callers make sure that there are no more than most_series_of_a_member.
  std::uint16_t add(const series_labels& labels);

  [[nodiscard]] ledger::entry at(std::uint16_t series, network_time label) const;
  void put(std::uint16_t series, network_time label, ledger::entry published);

  /// Points that there is memory for.
  [[nodiscard]] std::size_t room() const { return room_; }
  [[nodiscard]] std::optional<network_time> oldest() const;
  [[nodiscard]] std::optional<network_time> newest() const;
  /// Forgets this label and what is newer.
  void drop_from(network_time label);

  /// As a ledger, which is dense: of no more labels than one answer has.
  [[nodiscard]] ledger within(time_range labels) const;

 private:
  interval_size interval_;
  std::map<network_time, std::vector<ledger::entry>> rows_;  ///< by series id
  std::map<series_labels, std::uint16_t> ids_;
  std::size_t room_ = 0;
};

}  // namespace oes
