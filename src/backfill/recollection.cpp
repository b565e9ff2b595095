#include "backfill/recollection.hpp"

#include <algorithm>
#include <utility>

#include "backfill/backfill_steps.hpp"

namespace oes {
namespace {

// This many labels at a time are looked at, in whatever number of series. Whether records of them are gone is known
// before the first one is asked for; how much of them fits into memory is the reader's to say.
constexpr int labels_at_a_time = 25'000;

bool reaches(const range_set& known, const range_set& wanted) {
  return std::all_of(wanted.ranges().begin(), wanted.ranges().end(),
                     [&known](time_range range) { return known.missing(range).empty(); });
}

}  // namespace

bool recollection::holds(const backfill_chunk& chunk) const {
  if (!before_ || group_ != chunk.work.group || asked_.size() != chunk.work.members.size()) return false;
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    if (asked_[i].member != chunk.work.members[i]) return false;
    if (!reaches(asked_[i].labels, wanted_in(chunk.work.wanted[i], chunk.window))) return false;
  }
  return true;
}

// Once memory has ended no more is read than is likely to fit, and a little more.
network_time recollection::far_from(const backfill_chunk& chunk) const {
  const auto begin = chunk.window.begin;
  const auto interval = chunk.group.identity.interval;
  const auto most = bucket_add(begin, interval, labels_at_a_time);
  if (!fits_) return std::max(most, chunk.window.end);
  const auto likely = bucket_floor(begin + *fits_ + *fits_ / 4, interval);
  return std::clamp(likely, bucket_add(begin, interval, 1), most);
}

bool recollection::serves(const backfill_chunk& chunk) const {
  if (holds(chunk)) return true;
  if (!before_ || begin_ != chunk.window.begin) return false;
  auto beginning = chunk;
  beginning.window.end = std::min(chunk.window.end, until_);
  return holds(beginning);
}

boost::asio::awaitable<result<void>> recollection::read(const backfill_chunk& chunk, const recall_published& reader) {
  before_.reset();
  if (group_ != chunk.work.group) fits_.reset();
  const auto far = far_from(chunk);
  std::vector<member_labels> asked;
  for (std::size_t i = 0; i < chunk.work.members.size(); ++i) {
    asked.push_back({chunk.work.members[i], wanted_in(chunk.work.wanted[i], {chunk.window.begin, far})});
  }
  auto reading = reader(chunk.group, asked);
  auto found = co_await std::move(reading);
  if (!found) co_return found.error();
  before_ = std::move(*found);
  group_ = chunk.work.group;
  begin_ = chunk.window.begin;
  asked_ = std::move(asked);
  until_ = std::min(before_->until, far);
  for (auto& one : asked_) one.labels.remove({until_, network_time::max()});
  if (fits_ || until_ < far) fits_ = until_ - begin_;
  co_return result<void>();
}

std::vector<ledger> recollection::known(const backfill_chunk& chunk) const {
  std::vector<ledger> out;
  for (const auto& one : before_->known) out.push_back(one.within(chunk.window));
  return out;
}

}  // namespace oes
