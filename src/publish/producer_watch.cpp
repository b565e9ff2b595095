#include "publish/producer_watch.hpp"

#include <utility>

namespace oes {

void producer_watch::told(std::string_view json) {
  const auto read = read_kafka_statistics(json);
  if (!read) return;
  const std::lock_guard lock(mutex_);
  known_.statistics = *read;
  known_.statistics_at = steady_now();
}

void producer_watch::replaced(std::string_view reason) {
  const std::lock_guard lock(mutex_);
  ++known_.replaced[std::string(reason)];
}

void producer_watch::leads(std::string other_instance) {
  const std::lock_guard lock(mutex_);
  known_.leader = std::move(other_instance);
}

producers_told producer_watch::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

}  // namespace oes
