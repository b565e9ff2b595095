#include "backfill/recollection.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

// This many labels at a time are compared: about 50 MB for 300 series.
constexpr int labels_in_memory = 25'000;

}  // namespace

bool recollection::holds(const backfill_chunk& chunk) const {
  return before_ && group_ == chunk.work.group && before_->labels.begin <= chunk.window.begin &&
         chunk.window.end <= before_->labels.end && members_ == chunk.work.members;
}

boost::asio::awaitable<result<void>> recollection::read(const backfill_chunk& chunk, const recall_published& reader) {
  before_.reset();
  const auto far = bucket_add(chunk.window.begin, chunk.group.identity.interval, labels_in_memory);
  const time_range labels{chunk.window.begin, std::max(chunk.window.end, std::min(far, chunk.work.windows.back().end))};
  auto members = chunk.work.members;
  auto found = co_await reader(chunk.group, std::move(members), labels);
  if (!found) co_return found.error();
  before_ = std::move(*found);
  group_ = chunk.work.group;
  members_ = chunk.work.members;
  co_return result<void>();
}

}  // namespace oes
