#include "simulator/answer_cache.hpp"

#include <algorithm>
#include <utility>

namespace oes::sim {

const cached_answer* answer_cache::find(const std::string& key, utc_time now) const {
  const auto found = answers_.find(key);
  if (found == answers_.end() || found->second.expires <= now) return nullptr;
  return &found->second;
}

void answer_cache::put(const std::string& key, cached_answer answer) {
  const auto old = answers_.find(key);
  if (old != answers_.end()) {
    bytes_ -= size_of(old->second);
    answers_.erase(old);
    std::erase(order_, key);
  }
  bytes_ += size_of(answer);
  answers_.emplace(key, std::move(answer));
  order_.push_back(key);
  // The newest stays, however large.
  while ((bytes_ > most_bytes_ || order_.size() > 4096) && order_.size() > 1) {
    const auto victim = answers_.find(order_.front());
    bytes_ -= size_of(victim->second);
    answers_.erase(victim);
    order_.pop_front();
  }
}

}  // namespace oes::sim
