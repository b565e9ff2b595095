#pragma once
// How much of what a group has read before it reads again, and when: the API revises values for days (api.md §6). A
// wide re-read takes the place of the poll of its time: one request, a wider window. Pure.
#include <cstddef>
#include <optional>
#include <vector>

#include "model/interval.hpp"
#include "model/progress.hpp"
#include "model/re_read.hpp"
#include "model/time.hpp"

namespace oes {

class look_back {
 public:
  look_back() = default;
  look_back(std::vector<re_read> cadences, interval_size interval, std::size_t members);

  /// A cadence other than "with each poll" comes round for one of these members.
  [[nodiscard]] bool wide_is_due(const std::vector<std::size_t>& members, network_time now) const;
  /// Where a request begins that serves what is due for this member; `wide` false: only what goes with each poll.
  [[nodiscard]] network_time begin(std::size_t member, const member_progress& stands, network_time now,
                                   bool wide) const;
  /// Everything from `from` to its position was read again.
  void done(std::size_t member, const member_progress& stands, network_time from, network_time now);
  /// A wide window failed: live data must not wait for it.
  void postpone(network_time now);

  /// A wide re-read that does not fit into one request: where it began and where it goes on.
  struct pass {
    network_time began;
    network_time next;
  };
  std::optional<pass> under_way;

 private:
  [[nodiscard]] network_time begin_of(const re_read& cadence, const member_progress& stands) const;

  std::vector<re_read> cadences_;
  interval_size interval_ = interval_size::m5;
  std::vector<std::vector<std::optional<network_time>>> last_;  ///< [member][cadence]
  std::optional<network_time> not_before_;
};

}  // namespace oes
