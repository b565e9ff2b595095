#pragma once
// Where in the data topics the labels of some members lie, learnt while the topics are read to their ends. Whoever
// reads them again for other labels passes over what has none of these: reading in pieces costs little more than
// reading once. Pure.
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "kafka/topic_scan.hpp"
#include "model/progress.hpp"
#include "model/range_set.hpp"

namespace oes {

class label_places {
 public:
  /// To be asked for these members from now on; others are forgotten.
  void follow(const std::set<member_key>& members);
  /// A record of one of them.
  void note(const scanned_record& record, network_time label);
  /// All of this has been read. `lost_before`: what past_reader concluded of where it begins.
  void reached(const topic_extents& topics, std::int64_t lost_before);

  /// What has to be read for these labels, one after the other, disjoint: where they lie, and what has come since. The
  /// topics as they are where nothing is known, or where one has lost its beginning since.
  [[nodiscard]] std::vector<topic_extents> parts_for(const range_set& labels, const topic_extents& topics) const;
  /// Whether parts_for() passes over something.
  [[nodiscard]] bool fits(const topic_extents& topics) const;
  [[nodiscard]] std::int64_t lost_before() const { return lost_before_; }

 private:
  using partition_name = std::pair<std::string, std::int32_t>;
  struct read_range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
  };
  using days_of_block = std::set<std::chrono::days>;

  [[nodiscard]] std::vector<read_range> ranges_for(const range_set& labels, const partition_name& name,
                                                   read_range now) const;

  std::set<member_key> members_;
  std::map<partition_name, std::map<std::int64_t, days_of_block>> blocks_;  ///< by number
  std::map<partition_name, read_range> read_;
  std::int64_t lost_before_ = 0;
};

}  // namespace oes
