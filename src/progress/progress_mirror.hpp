#pragma once
// Internal to progress/: keeps progress.json and the months beside it. A write touches the small head, and of the
// sealed months those that changed; what neither the head nor its predecessor names is removed.
#include <map>
#include <set>
#include <string>

#include "progress/mirrored_delivery.hpp"
#include "progress/sealed_month.hpp"

namespace oes {

class progress_mirror {
 public:
  progress_mirror(std::string folder, mirrored_delivery delivery) : folder_(std::move(folder)), delivery_(delivery) {}

  /// Months first, synced, then the head that names them. A month that somebody has removed is written again.
  result<void> write(const progress_snapshot& snapshot);

 private:
  struct known_month {
    month_blocks blocks;  ///< kept, so that a block of today is never taken for one of yesterday
    std::string sha256;
  };
  result<sealed_list> seal(const progress_state& state);
  result<std::string> write_month(std::chrono::year_month month, const month_blocks& blocks,
                                  const std::set<std::string>& there);
  void sweep(const sealed_list& named);

  std::string folder_;
  mirrored_delivery delivery_;
  std::map<std::chrono::year_month, known_month> known_;
  std::optional<std::set<std::string>> named_before_;  ///< by the head that is .prev after the next write
};

}  // namespace oes
