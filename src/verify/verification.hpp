#pragma once
// Progress held against what the data topics hold: what is covered but missing, what is there but not covered, what is
// there twice. Pure; memory is bounded by labels and by `points_per_pass`, not by records.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/error.hpp"
#include "model/progress.hpp"
#include "progress/operator_reason.hpp"
#include "verify/former_names.hpp"
#include "verify/label_set.hpp"
#include "verify/record_identity.hpp"

namespace oes {

/// One record of a data topic, as far as it matters here.
struct data_record {
  std::string stream;
  std::string metric;
  network_time interval;
  std::int64_t revision = 0;
  std::int64_t version = 0;
  std::string grouping;  ///< empty: it does not say
};
/// damaged: not a record of ours.
result<data_record> read_data_record(std::string_view value);

/// What one stream's metric has in the topics.
struct member_findings {
  std::int64_t records = 0;
  std::int64_t newest_version = 0;
  label_set labels;
  /// Records whose label was neither covered nor a gap when progress was read, by label.
  std::map<network_time, std::int64_t> uncovered;
  std::int64_t superseded = 0;    ///< the same, but from before an operator's change
  std::int64_t repeated = 0;      ///< (key, revision) again, with no operator's change between
  std::int64_t republished = 0;   ///< again, after one
  std::int64_t out_of_order = 0;  ///< a version that does not rise within its key and partition, or is there twice
  std::int64_t off_grid = 0;      ///< at labels that its interval does not have
  network_time first_off_grid{};
  std::int64_t skipped = 0;  ///< a revision that is missing between two others
};

struct verify_settings {
  std::size_t points_per_pass = 2'000'000;  ///< about 100 MB
  bool repeats_allowed = false;             ///< at_least_once
};

/// Passes over the same records: every pass compares the revisions of its share of points, the first one all the rest.
class verification {
 public:
  /// `progress`: read before the records. `reasons`: of the progress topic.
  verification(const progress_state& progress, std::vector<kept_reason> reasons, std::size_t passes);
  /// Partition after partition or mixed: a key's order is that of its versions, whatever partition they came from.
  void take(std::int32_t partition, std::string_view key, std::string_view value, std::size_t pass);
  /// The same of a record whose value cannot be read.
  void take_unreadable(std::string_view key, const std::string& why, std::size_t pass);
  /// Whether a key is one under which a member publishes.
  [[nodiscard]] bool is_of_member(std::string_view key) const;
  /// The pass is over: its points are judged and forgotten.
  void end_pass();

  [[nodiscard]] const std::map<member_key, member_findings>& members() const { return members_; }
  [[nodiscard]] std::int64_t of_others() const { return others_; }
  [[nodiscard]] std::int64_t unreadable() const { return unreadable_; }
  /// Records under keys of members that cannot be read, and the first reason.
  [[nodiscard]] std::int64_t damaged() const { return damaged_; }
  [[nodiscard]] const std::string& first_damage() const { return first_damage_; }
  /// Tombstones under keys of members, which data topics do not have, and the first one's key.
  [[nodiscard]] std::int64_t tombstones() const { return tombstones_; }
  [[nodiscard]] const std::string& first_tombstone() const { return first_tombstone_; }

 private:
  struct seen_record {
    std::int64_t version = 0;
    std::int64_t revision = 0;
    std::int32_t partition = 0;
  };
  /// Of a point with more than one record: all of them, in the order in which they were read.
  struct revised_point {
    member_findings* of = nullptr;
    std::vector<seen_record> records;
  };
  void place(const data_record& record, const member_progress& progress, member_findings& found);
  void compare(std::string_view key, const data_record& record, std::int32_t partition, member_findings& found);
  void judge_point(revised_point& point) const;
  [[nodiscard]] bool republished_between(std::int64_t older, std::int64_t newer) const;

  // Labels of one member that progress knows, a bit each: a month is unpacked once.
  using known_months = std::map<std::chrono::year_month, std::vector<bool>>;
  bool is_known(const data_record& record, const member_progress& progress);

  const progress_state& progress_;
  std::map<member_key, known_months> known_;
  std::vector<kept_reason> reasons_;
  former_names names_;
  std::size_t passes_;
  std::map<member_key, member_findings> members_;
  std::vector<record_identity> identities_;
  std::unordered_map<std::uint64_t, seen_record> points_;  ///< each point's first record
  std::unordered_map<std::uint64_t, revised_point> revised_;
  std::int64_t others_ = 0;
  std::int64_t unreadable_ = 0;
  std::int64_t damaged_ = 0;
  std::string first_damage_;
  std::int64_t tombstones_ = 0;
  std::string first_tombstone_;
};

struct verdict {
  std::vector<std::string> lines;  ///< a line per member, then what does not fit
  bool fits = true;
};

/// `later`: progress read after the records, for what was committed meanwhile. `thinned`: members whose topic has lost
/// records to retention.
verdict judge(const verification& seen, const progress_state& progress, const progress_state& later,
              const std::map<member_key, bool>& thinned, const verify_settings& settings);

}  // namespace oes
