#include "backfill/recollection.hpp"

#include <algorithm>
#include <utility>

#include "backfill/backfill_steps.hpp"

namespace oes {
namespace {

// This many labels at a time are compared: about 50 MB for 300 series.
constexpr int labels_in_memory = 25'000;

bool reaches(time_range known, const range_set& wanted) {
  if (wanted.empty()) return true;
  return known.begin <= wanted.ranges().front().begin && wanted.ranges().back().end <= known.end;
}

// From the chunk's window on, as far as memory allows.
time_range labels_to_read(const backfill_chunk& chunk, const range_set& wanted) {
  const auto begin = chunk.window.begin;
  if (wanted.empty()) return {begin, begin};
  const auto far = bucket_add(begin, chunk.group.identity.interval, labels_in_memory);
  const auto end = std::min(std::max(far, chunk.window.end), wanted.ranges().back().end);
  return {begin, std::max(begin, end)};
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

boost::asio::awaitable<result<void>> recollection::read(const backfill_chunk& chunk, const recall_published& reader) {
  before_.reset();
  std::vector<member_labels> asked;
  for (std::size_t i = 0; i < chunk.work.members.size(); ++i) {
    asked.push_back({chunk.work.members[i], labels_to_read(chunk, chunk.work.wanted[i])});
  }
  auto reading = reader(chunk.group, asked);
  auto found = co_await std::move(reading);
  if (!found) co_return found.error();
  before_ = std::move(*found);
  group_ = chunk.work.group;
  asked_ = std::move(asked);
  co_return result<void>();
}

}  // namespace oes
