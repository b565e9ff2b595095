#pragma once
// What the data topics' records say of one member's labels, in whatever order they are read: a key's order is that of
// its versions (partitions may have been raised in between). Pure.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "records/published_points.hpp"
#include "verify/data_point.hpp"

namespace oes {

class past_points {
 public:
  /// `changes`: last_version of each operator's change, rising: revisions may begin again after one.
  past_points(interval_size interval, std::vector<std::int64_t> changes)
      : known_(interval), changes_(std::move(changes)) {}

  /// Of this member and the labels that are asked for. false: of one series more than can be told apart.
  bool take(const data_point& point);

  /// Points that there is memory for.
  [[nodiscard]] std::size_t room() const { return known_.room() + superseded_ * points_for_superseded; }
  [[nodiscard]] std::optional<network_time> oldest_label() const { return known_.oldest(); }
  [[nodiscard]] std::optional<network_time> newest_label() const { return known_.newest(); }
  /// Of this label and newer ones no points are kept any more, but how old they are.
  void keep_until(network_time label);

  /// Version of the oldest record of a label that is there.
  [[nodiscard]] std::optional<std::int64_t> oldest(network_time label) const;
  /// A (key, revision) that is there twice, for people; empty: none.
  [[nodiscard]] const std::string& twice() const { return twice_; }
  published_points take_known() { return std::move(known_); }

 private:
  // A name in a set takes as much.
  static constexpr std::size_t points_for_superseded = 4;

  struct label_versions {
    std::vector<std::int64_t> newest;  ///< of the newest record, by series; 0: none
    /// Records of which a newer one is known, by series, revision and era: few are revised.
    std::set<std::tuple<std::uint16_t, std::int64_t, std::int64_t>> superseded;
  };
  [[nodiscard]] std::int64_t era(std::int64_t version) const;
  void keep_superseded(label_versions& row, std::uint16_t series, std::int64_t revision, std::int64_t version,
                       const data_point& point);
  void tell_twice(const data_point& point, std::int64_t revision);

  published_points known_;
  std::vector<std::int64_t> changes_;
  network_time end_ = network_time::max();  ///< of the labels whose points are kept
  std::map<network_time, std::int64_t> oldest_;
  std::map<network_time, label_versions> versions_;
  std::size_t superseded_ = 0;
  std::string twice_;
};

}  // namespace oes
