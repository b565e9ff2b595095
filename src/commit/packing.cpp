#include "commit/packing.hpp"

namespace oes {
namespace {

// A failing transaction is tried `together` times as a whole. Then its batches go one by one, and one that fails
// `alone` times while others commit is itself at fault.
constexpr int together = 2;
constexpr int alone = 3;

std::size_t bytes_of(const std::vector<parcel>& sent) {
  std::size_t bytes = 0;
  for (const auto& one : sent) bytes += one.bytes;
  return bytes;
}

bool is_too_much_in_time(const error& why) { return why.code == errc::too_large && why.topic.empty(); }

}  // namespace

bool is_refusal(const error& why) {
  return why.code == errc::kafka_refused || (why.code == errc::too_large && !why.topic.empty());
}

std::size_t packing::count(const std::vector<parcel>& waiting) const {
  if (!waiting.empty() && alone_.contains(waiting.front().number)) return 1;
  std::size_t count = 0;
  std::size_t records = 0;
  std::size_t bytes = 0;
  for (const auto& next : waiting) {
    records += next.records;
    bytes += next.bytes;
    if (count > 0 && (records > most().records || bytes > most().bytes || alone_.contains(next.number))) break;
    ++count;
  }
  return count;
}

void packing::committed(const std::vector<parcel>& sent, std::chrono::steady_clock::duration lasted) {
  most_.took(bytes_of(sent), lasted);
  together_failed_ = 0;
  for (const auto& one : sent) alone_.erase(one.number);
  for (auto& [number, known] : alone_) known.others_went = known.others_went || known.failures > 0;
}

after_failure_verdict packing::failed(const std::vector<parcel>& sent, const error& why) {
  if (why.code == errc::kafka_unavailable) return after_failure_verdict::wait_and_repeat;
  if (why.topic == progress_topic_ && !why.topic.empty() && why.code != errc::too_large)
    return after_failure_verdict::wait_and_repeat;
  if (is_too_much_in_time(why) && most_.took_a_part(bytes_of(sent))) return taken_in_part(sent);
  if (sent.size() == 1) return failed_alone(sent.front().number, why);
  const bool refused = is_refusal(why);
  if (!refused && ++together_failed_ < together) return after_failure_verdict::wait_and_repeat;
  for (const auto& one : sent) alone_.try_emplace(one.number);
  return refused ? after_failure_verdict::repeat : after_failure_verdict::wait_and_repeat;
}

void packing::forget() {
  together_failed_ = 0;
  alone_.clear();
}

// Fewer travel together next time; one alone is cut anew.
after_failure_verdict packing::taken_in_part(const std::vector<parcel>& sent) {
  if (sent.size() > 1) return after_failure_verdict::wait_and_repeat;
  alone_.erase(sent.front().number);
  return after_failure_verdict::cut_anew;
}

after_failure_verdict packing::failed_alone(std::uint64_t number, const error& why) {
  auto& known = alone_[number];
  ++known.failures;
  if (is_refusal(why) || (known.failures >= alone && known.others_went)) {
    alone_.erase(number);
    return after_failure_verdict::give_back;
  }
  return after_failure_verdict::put_last;
}

}  // namespace oes
