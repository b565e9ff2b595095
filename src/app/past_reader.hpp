#pragma once
// What the records of a data topic tell of some members' past: which values were published, and which records are gone.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/label_places.hpp"
#include "avro/record_decoder.hpp"
#include "backfill/recollection.hpp"
#include "groups/request_group.hpp"
#include "kafka/topic_scan.hpp"
#include "model/error.hpp"
#include "model/ledger.hpp"
#include "model/progress.hpp"
#include "progress/operator_reason.hpp"
#include "verify/former_names.hpp"
#include "verify/past_points.hpp"
#include "verify/record_identity.hpp"

namespace oes {

/// This many points of all members together are kept: 35 MB while they are read (docs/performance.md).
inline constexpr std::size_t points_in_memory = 1'000'000;

class past_reader {
 public:
  /// Where there are more points than `most_points`, those of the newest labels are left out, but for one label.
  /// `places` learns where the members' labels lie; outlives it.
  past_reader(const request_group& group, std::vector<member_labels> asked, avro::record_decoder decoder,
              label_places& places, std::size_t most_points = points_in_memory);

  /// Before the first record, with what operators did.
  void begin(const std::vector<kept_reason>& reasons);
  /// What has to be read of these topics, one after the other.
  [[nodiscard]] std::vector<topic_extents> parts_of(const topic_extents& topics);
  void take(const scanned_record& record, const topic_extents& extents);
  /// All of the parts were read.
  void end(const topic_extents& topics) { places_.reached(topics, lost_before_); }

  /// A (key, revision) that is there twice; empty: none.
  [[nodiscard]] std::string twice() const;
  /// Of the labels that are asked for, covered ones of which records are gone, or may be: a partition that lost its
  /// beginning lost everything that was published before the first record that is left.
  [[nodiscard]] std::string gone(const std::map<member_key, member_progress>& committed) const;
  /// The member that has more series there than can be told apart; empty: none.
  [[nodiscard]] const std::string& too_many() const { return too_many_; }
  /// What keeps from telling what was published; empty: nothing. Then nothing more is read.
  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] errc fault_code() const { return fault_code_; }
  /// Records that are none of this program's.
  [[nodiscard]] std::int64_t foreign() const { return foreign_; }
  [[nodiscard]] std::vector<std::string> topics() const { return {topics_.begin(), topics_.end()}; }
  std::vector<published_points> take_known();
  /// The first label that was left out.
  [[nodiscard]] network_time until() const { return until_; }

 private:
  // One member's part of the topics.
  struct member_past {
    member_key key;
    record_identity identity;
    network net;
    range_set labels;
    past_points points;
  };

  void fit_into_memory();
  [[nodiscard]] const member_past* owner_of(std::string_view key) const;
  [[nodiscard]] bool is_first(const scanned_record& record) const {
    return !seen_.contains({record.topic, record.partition});
  }
  void see_first(const scanned_record& record, std::int64_t version, const topic_extents& extents);

  const request_group& group_;
  std::vector<member_labels> asked_;
  std::vector<std::string> columns_;
  std::set<std::string> topics_;
  std::vector<member_past> members_;
  std::size_t most_points_;
  std::size_t room_ = 0;  ///< of all members' points
  network_time until_ = network_time::max();
  former_names names_;
  std::set<std::pair<std::string, std::int32_t>> seen_;
  label_places& places_;
  bool begins_with_topics_ = true;  ///< the first records that are read are those of their partitions
  std::int64_t lost_before_ = 0;
  std::int64_t foreign_ = 0;
  std::string too_many_;
  avro::record_decoder decoder_;
  std::string fault_;
  errc fault_code_ = errc::refused;
};

}  // namespace oes
