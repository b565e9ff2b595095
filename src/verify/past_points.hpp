#pragma once
// What the data topics' records say of one member's labels, in whatever order they are read: a key's order is that of
// its versions (partitions may have been raised in between). Pure.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "records/ledger.hpp"
#include "verify/data_point.hpp"

namespace oes {

class past_points {
 public:
  /// `changes`: last_version of each operator's change, rising: revisions may begin again after one.
  past_points(interval_size interval, time_range labels, std::vector<std::int64_t> changes);

  /// Of this member and these labels. false: of one series more than can be told apart.
  bool take(const data_point& point);

  /// Version of the oldest record of a label that is there.
  [[nodiscard]] std::optional<std::int64_t> oldest(network_time label) const;
  /// A (key, revision) that is there twice, for people; empty: none.
  [[nodiscard]] const std::string& twice() const { return twice_; }
  ledger take_known() { return std::move(known_); }

 private:
  struct slot {
    std::size_t index = 0;
    std::int64_t oldest = 0;
  };
  [[nodiscard]] std::int64_t era(std::int64_t version) const;
  void keep_superseded(std::uint16_t series, std::size_t at, std::int64_t revision, std::int64_t version,
                       const data_point& point);

  ledger known_;
  std::vector<std::int64_t> changes_;
  std::map<network_time, slot> slots_;
  std::vector<std::vector<std::int64_t>> versions_;  ///< of the newest record: by series, by slot; 0: none
  std::unordered_set<std::string> superseded_;       ///< records of which a newer one is known: few are revised
  std::string twice_;
};

}  // namespace oes
