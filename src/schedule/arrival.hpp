#pragma once
// When new labels appear at the API: learnt from what live polls see. Pure; time is a parameter.
//
// Labels appear a lag after their own instant, with some scatter, one by one or in batches (WEM market rows move every
// two hours, api.md §5). A poll at `t` whose newest label is `n` says: lag(n) ≤ t - n, and the label after n had not
// come. The first holds for what is there; the second tells of an outage as well, and yields where they contradict each
// other. The two bounds are narrowed by polling between them; then a staircase follows the lag so that nine polls of
// ten find what they came for.
#include <chrono>
#include <optional>

#include "model/time.hpp"

namespace oes {

class arrival_model {
 public:
  /// `step`: distance of two labels.
  explicit arrival_model(std::chrono::seconds step) : step_(step) {}

  /// A poll at `at` that reached the live edge; `newest`: instant of the newest label that it or an earlier one saw.
  void saw(utc_time at, utc_time newest);

  [[nodiscard]] bool knows() const { return newest_.has_value(); }
  /// The first instant after `now` at which new labels are expected. Only where it knows().
  [[nodiscard]] utc_time next(utc_time now) const;
  /// Something was expected by now and did not come, or a poll came too early for it.
  [[nodiscard]] bool overdue(utc_time now) const;
  /// Polls in a row that came after something had been expected, and found nothing.
  [[nodiscard]] int misses() const { return misses_; }
  /// From one arrival to the next: a step, or a batch of them.
  [[nodiscard]] std::chrono::seconds period() const { return step_ * batch_; }
  /// From a label's (in a batch: its last label's) instant to its appearance, as it is believed now.
  [[nodiscard]] std::chrono::seconds lag() const;

 private:
  void nothing_new(utc_time at);
  void narrow(utc_time at, utc_time newest);
  void follow(utc_time at, utc_time newest);
  void look_for_batches(std::int64_t labels);
  void forget_lag(utc_time at, utc_time newest);
  [[nodiscard]] bool is_probe_due() const;
  [[nodiscard]] bool is_expected_by(utc_time now) const;

  std::chrono::seconds step_;
  std::int64_t batch_ = 1;
  std::optional<utc_time> newest_;
  utc_time newest_came_{};                      ///< the poll that first saw it
  std::chrono::seconds lower_{0};               ///< the lag is more than this …
  std::chrono::seconds upper_{0};               ///< … and at most this, as far as it does not scatter
  std::optional<std::chrono::seconds> steady_;  ///< the staircase's lag, once the bounds are close
  bool missed_ = false;                         ///< since the newest label came, one poll came too early
  int misses_ = 0;
  std::optional<utc_time> last_quiet_;  ///< the last poll, if it found nothing
  std::int64_t quiet_labels_ = 0;       ///< labels in the last arrival that followed a long silence
  std::int64_t batches_ = 0;            ///< arrivals seen in batches
};

}  // namespace oes
