#include "model/skew_watch.hpp"

#include <algorithm>
#include <vector>

namespace oes {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t answers_kept = 5;
constexpr std::size_t certain_from = 3;
// Begins to be followed, and is over: apart, so that a clock at the limit is not told of all day.
constexpr seconds worth_following{30};
constexpr seconds over_below{25};
constexpr hours longest_followed{36};
// A proxy that keeps answers and does not say so is as much as this behind.
constexpr minutes steady_within{6};
constexpr hours certain_for{1};

}  // namespace

std::string_view name(clock_standing standing) {
  switch (standing) {
    case clock_standing::unknown:
      return "unknown";
    case clock_standing::agrees:
      return "agrees";
    case clock_standing::followed:
      return "followed";
    case clock_standing::refused:
      return "refused";
  }
  return "unknown";
}

void skew_watch::see(const dated_answer& answer) {
  // What was told before the host's clock was set, or the host slept, may not hold any more.
  if (was_set_) samples_.clear();
  was_set_ = false;
  const auto took = std::max(answer.answered - answer.sent, microseconds(0));
  const auto middle = answer.sent + took / 2;
  samples_.push_back({answer.said.time_since_epoch() - middle.time_since_epoch(), took / 2, answer.answered});
  if (samples_.size() > answers_kept) samples_.pop_front();
}

clock_reading skew_watch::read(utc_time host, run_time run) {
  const auto offset = host.time_since_epoch() - run.time_since_epoch();
  if (!host_offset_) latest_host_offset_ = offset;
  if (host_offset_ && (offset - *host_offset_ > step_ || *host_offset_ - offset > step_)) was_set_ = true;
  host_offset_ = offset;
  if (samples_.empty()) {
    latest_host_offset_ = std::max(latest_host_offset_, offset);
    return {host, utc_time(run.time_since_epoch() + latest_host_offset_), {}, clock_standing::unknown};
  }
  latest_host_offset_ = offset;
  const auto skew = median_skew();
  standing_ = is_steady(skew) ? judge(skew) : clock_standing::refused;
  if (standing_ == clock_standing::refused) return {host, host, skew, standing_};
  const auto now = standing_ == clock_standing::followed ? host + skew : host;
  return {now, is_certain(run, skew) ? now : std::max(host, host + skew), skew, standing_};
}

// The least by which the clocks can differ: when the answer was dated within its time is not known.
microseconds skew_watch::skew_of(const sample& one) const {
  const auto apart = one.offset - *host_offset_;
  if (apart > one.doubt) return apart - one.doubt;
  if (apart < -one.doubt) return apart + one.doubt;
  return microseconds(0);
}

// Of two in the middle the one that is nearer to the host's clock: one answer alone does not outweigh it.
microseconds skew_watch::median_skew() const {
  std::vector<microseconds> all;
  all.reserve(samples_.size());
  for (const auto& one : samples_) all.push_back(skew_of(one));
  std::sort(all.begin(), all.end());
  const auto middle = all[all.size() / 2];
  if (all.size() % 2 == 1) return middle;
  const auto other = all[all.size() / 2 - 1];
  return std::chrono::abs(middle) < std::chrono::abs(other) ? middle : other;
}

bool skew_watch::is_steady(microseconds median) const {
  const auto near = std::count_if(samples_.begin(), samples_.end(), [&](const sample& one) {
    return std::chrono::abs(skew_of(one) - median) <= steady_within;
  });
  return static_cast<std::size_t>(near) * 2 >= samples_.size();
}

// An answer that contradicts those before it may be the first that is right: until there are more, silence must not
// keep them from coming.
bool skew_watch::is_certain(run_time run, microseconds median) const {
  if (was_set_ || samples_.size() < certain_from || run - samples_.back().at > certain_for) return false;
  return std::chrono::abs(skew_of(samples_.back()) - median) <= steady_within;
}

clock_standing skew_watch::judge(microseconds skew) const {
  const auto apart = std::chrono::abs(skew);
  if (apart > longest_followed) return clock_standing::refused;
  const bool was_followed = standing_ == clock_standing::followed;
  return apart > (was_followed ? over_below : worth_following) ? clock_standing::followed : clock_standing::agrees;
}

}  // namespace oes
