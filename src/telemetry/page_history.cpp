#include "telemetry/page_history.hpp"

#include <algorithm>
#include <set>

#include "telemetry/stream_summary.hpp"

namespace oes {
namespace {

std::size_t place(std::int64_t slot) { return static_cast<std::size_t>(slot) % page_history::steps; }

}  // namespace

// Steps that nobody looked at stay unknown.
void page_history::move_to(std::int64_t slot) {
  if (slot_ && slot <= *slot_) return;
  const auto from = slot_ ? std::max(*slot_ + 1, slot - static_cast<std::int64_t>(steps) + 1) : slot;
  for (auto& [name, one] : streams_) {
    for (auto at = from; at <= slot; ++at) {
      one.ring.lag[place(at)] = unknown;
      one.ring.records[place(at)] = unknown;
    }
  }
  slot_ = slot;
}

void page_history::look(const daemon_status& status) {
  move_to(status.now.time_since_epoch() / step);
  std::set<std::string> there;
  for (const auto& now : summaries(status)) {
    there.insert(now.name);
    auto known = streams_.find(now.name);
    if (known == streams_.end()) {
      if (streams_.size() == most_streams) continue;
      known = streams_.emplace(now.name, kept{}).first;
      known->second.ring.lag.fill(unknown);
      known->second.ring.records.fill(unknown);
      known->second.counted = now.records;
    }
    auto& one = known->second;
    const auto at = place(*slot_);
    auto& records = one.ring.records[at];
    records = std::max(records, 0) + static_cast<std::int32_t>(std::max<std::int64_t>(now.records - one.counted, 0));
    one.counted = now.records;
    if (!is_read_here(now.state) || !now.lag) continue;
    one.ring.lag[at] =
        std::max(one.ring.lag[at], static_cast<std::int32_t>(std::clamp<std::int64_t>(*now.lag, 0, INT32_MAX)));
  }
  std::erase_if(streams_, [&](const auto& one) { return !there.contains(one.first); });
}

std::optional<page_history::line> page_history::of(const std::string& stream) const {
  const auto found = streams_.find(stream);
  if (found == streams_.end() || !slot_) return std::nullopt;
  line out;
  for (std::size_t i = 0; i < steps; ++i) {
    const auto at = place(*slot_ + 1 + static_cast<std::int64_t>(i));
    out.lag[i] = found->second.ring.lag[at];
    out.records[i] = found->second.ring.records[at];
  }
  return out;
}

std::size_t page_history::bytes() const { return streams_.size() * (sizeof(kept) + 64); }

}  // namespace oes
