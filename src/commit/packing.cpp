#include "commit/packing.hpp"

namespace oes {
namespace {

// A failing transaction is tried `together` times as a whole. Then its batches go one by one, and one that fails
// `alone` times while others commit is itself at fault.
constexpr int together = 2;
constexpr int alone = 3;

}  // namespace

std::size_t packing::count(const std::vector<parcel>& waiting) const {
  if (!waiting.empty() && alone_.contains(waiting.front().number)) return 1;
  std::size_t count = 0;
  std::size_t records = 0;
  std::size_t bytes = 0;
  for (const auto& next : waiting) {
    records += next.records;
    bytes += next.bytes;
    if (count > 0 && (records > most_.records || bytes > most_.bytes || alone_.contains(next.number))) break;
    ++count;
  }
  return count;
}

void packing::committed(const std::vector<parcel>& sent) {
  together_failed_ = 0;
  for (const auto& one : sent) alone_.erase(one.number);
  for (auto& [number, known] : alone_) known.others_went = known.others_went || known.failures > 0;
}

after_failure_verdict packing::failed(const std::vector<parcel>& sent, const error& why) {
  if (why.code == errc::kafka_unavailable) return after_failure_verdict::wait_and_repeat;
  const bool too_large = why.code == errc::too_large;
  if (why.topic == progress_topic_ && !why.topic.empty() && !too_large) return after_failure_verdict::wait_and_repeat;
  if (sent.size() == 1) return failed_alone(sent.front().number, why);
  const bool refused = why.code == errc::kafka_refused || too_large;
  if (!refused && ++together_failed_ < together) return after_failure_verdict::wait_and_repeat;
  for (const auto& one : sent) alone_.try_emplace(one.number);
  return refused ? after_failure_verdict::repeat : after_failure_verdict::wait_and_repeat;
}

void packing::forget() {
  together_failed_ = 0;
  alone_.clear();
}

after_failure_verdict packing::failed_alone(std::uint64_t number, const error& why) {
  auto& known = alone_[number];
  ++known.failures;
  const bool refused = why.code == errc::kafka_refused || why.code == errc::too_large;
  if (refused || (known.failures >= alone && known.others_went)) {
    alone_.erase(number);
    return after_failure_verdict::give_back;
  }
  return after_failure_verdict::put_last;
}

}  // namespace oes
