#include "schedule/arrival.hpp"

#include <algorithm>
#include <cstdlib>

namespace oes {
namespace {

using std::chrono::seconds;

// Bounds this close are not narrowed further: labels scatter as much.
constexpr seconds close_enough{45};
// One poll in ten comes too early: a step up for it weighs nine steps down.
constexpr seconds step_up{27};
constexpr seconds step_down{3};
// A batch is at least so many labels, twice about the same number after a silence.
constexpr std::int64_t smallest_batch = 3;
constexpr std::int64_t batches_per_probe = 4;

seconds whole_seconds(utc_time::duration d) { return std::chrono::ceil<seconds>(d); }

bool about_equal(std::int64_t a, std::int64_t b) { return std::abs(a - b) <= std::max<std::int64_t>(1, b / 8); }

bool about_a_multiple(std::int64_t labels, std::int64_t batch) {
  const auto rest = labels % batch;
  return labels >= batch - batch / 8 && (rest <= batch / 8 || batch - rest <= batch / 8);
}

}  // namespace

void arrival_model::saw(utc_time at, utc_time newest) {
  if (!newest_) {
    newest_ = newest;
    newest_came_ = at;
    forget_lag(at, newest);
    return;
  }
  if (newest <= *newest_) {
    nothing_new(at);
    return;
  }
  const auto labels = (newest - *newest_) / step_;
  look_for_batches(labels);
  if (steady_) {
    follow(at, newest);
  } else {
    narrow(at, newest);
  }
  newest_ = newest;
  newest_came_ = at;
  missed_ = false;
  misses_ = 0;
  last_quiet_.reset();
}

// A label that has not come by the expected time says that the lag is longer; but once is enough: the API may be out
// for hours.
void arrival_model::nothing_new(utc_time at) {
  const auto since = whole_seconds(at - *newest_) - period();
  if (is_expected_by(at) && !missed_) {
    missed_ = true;
    if (steady_) {
      *steady_ += step_up;
    } else if (since < upper_) {
      lower_ = std::max(lower_, since);
    }
  }
  if (missed_) ++misses_;
  last_quiet_ = at;
}

void arrival_model::narrow(utc_time at, utc_time newest) {
  // A label that is there is no younger than its lag: a bound that says so was drawn from labels that an outage held
  // up.
  if (lower_ - whole_seconds(at - newest) > close_enough) forget_lag(at, newest);
  upper_ = std::min(upper_, whole_seconds(at - newest));
  // The label after it had not come; where that contradicts the other bound the lag scatters.
  lower_ = std::max(lower_, whole_seconds(at - newest) - period());
  if (last_quiet_) lower_ = std::max(lower_, whole_seconds(*last_quiet_ - newest));
  if (upper_ - lower_ <= close_enough) steady_ = std::max(upper_, lower_);
}

void arrival_model::follow(utc_time at, utc_time newest) {
  const auto age = whole_seconds(at - newest);
  if (age < *steady_) {
    steady_ = age;  // it came sooner than was believed
  } else if (age < *steady_ + period()) {
    if (!missed_) *steady_ -= step_down;
  } else if (!missed_) {
    *steady_ += step_up;
  }
  steady_ = std::max(*steady_, seconds(0));
}

// Nothing for long, then many at once, twice: batches. Anything else while batches are believed in: no batches.
void arrival_model::look_for_batches(std::int64_t labels) {
  if (batch_ > 1) {
    ++batches_;
    if (about_a_multiple(labels, batch_)) return;
    batch_ = 1;
    quiet_labels_ = 0;
    steady_.reset();
    lower_ = seconds(0);
    upper_ = seconds::max() / 2;
    return;
  }
  const bool after_silence = last_quiet_ && *last_quiet_ - newest_came_ > step_ * labels / 2;
  if (labels < smallest_batch || !after_silence) {
    quiet_labels_ = 0;
    return;
  }
  if (quiet_labels_ > 0 && about_equal(labels, quiet_labels_)) {
    batch_ = labels;
    batches_ = 0;
    steady_.reset();
    lower_ = seconds(0);
    upper_ = seconds::max() / 2;
  }
  quiet_labels_ = labels;
}

void arrival_model::forget_lag(utc_time at, utc_time newest) {
  upper_ = whole_seconds(at - newest);
  lower_ = std::max(seconds(0), upper_ - period());
  steady_.reset();
}

seconds arrival_model::lag() const {
  if (steady_) return *steady_;
  return lower_ + (upper_ - lower_) / 2;
}

// Batches that have become single labels would not be noticed by polls that come once a batch.
bool arrival_model::is_probe_due() const { return batch_ > 1 && batches_ % batches_per_probe == batches_per_probe - 1; }

utc_time arrival_model::next(utc_time now) const {
  const auto first = *newest_ + period() + lag();
  if (is_probe_due()) {
    const auto probe = newest_came_ + period() / 2;
    if (probe > now) return probe;
  }
  if (first > now) return first;
  return first + ((now - first) / period() + 1) * period();
}

bool arrival_model::overdue(utc_time now) const { return knows() && (missed_ || is_expected_by(now)); }

bool arrival_model::is_expected_by(utc_time now) const { return *newest_ + period() + lag() <= now; }

}  // namespace oes
