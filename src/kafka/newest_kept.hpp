#pragma once
// The newest of the records that come by, whatever their order. Pure.
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace oes {

/// The greater, the newer.
struct record_age {
  std::int64_t version = 0;
  std::string interval_end;  ///< UTC, of those of one version

  friend bool operator<(const record_age& a, const record_age& b) {
    return std::tie(a.version, a.interval_end) < std::tie(b.version, b.interval_end);
  }
};

struct kept_record {
  record_age age;
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key;
  std::string value;
};

class newest_kept {
 public:
  explicit newest_kept(std::size_t most) : most_(most) {}

  void add(kept_record one);
  [[nodiscard]] bool is_full() const { return records_.size() >= most_; }
  /// The oldest first; of one age by topic, partition and offset. Afterwards none is kept.
  std::vector<kept_record> take();

 private:
  std::size_t most_;
  std::vector<kept_record> records_;  ///< a heap, the oldest on top
};

}  // namespace oes
