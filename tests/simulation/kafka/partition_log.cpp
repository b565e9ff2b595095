#include "simulation/kafka/partition_log.hpp"

#include <algorithm>
#include <set>

namespace oes::simulation {

bool partition_log::has_open(producer_identity by) const {
  const auto known = producers_.find(by.id);
  return open_.contains(by.id) && known != producers_.end() && known->second.epoch == by.epoch;
}

void partition_log::verifies(const produced_batch& batch) {
  auto& one = verified_[batch.by.id];
  if (batch.by.epoch > one.epoch) one = {batch.by.epoch, batch.first_sequence};
  one.lowest = std::min(one.lowest, batch.first_sequence);
}

append_outcome partition_log::append(const produced_batch& batch) {
  auto& known = producers_[batch.by.id];
  const bool is_unknown = known.epoch < 0;
  if (batch.by.epoch < known.epoch) return {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH};
  if (batch.by.epoch > known.epoch) known = {batch.by.epoch, -1, 0, -1};
  // A request that comes again is answered as the first time.
  if (known.last_first == batch.first_sequence) return {RD_KAFKA_RESP_ERR_NO_ERROR, known.last_offset};
  // Whom a log does not know may begin anywhere (KAFKA-5793).
  const auto next = known.last_first < 0 ? 0 : known.last_first + known.last_count;
  const auto expected = is_unknown ? batch.first_sequence : next;
  const auto asked = verified_.find(batch.by.id);
  const bool gap = asked != verified_.end() && batch.first_sequence > asked->second.lowest;
  if (gap || batch.first_sequence != expected) {
    if (is_unknown) producers_.erase(batch.by.id);
    return {RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER};
  }
  verified_.erase(batch.by.id);
  const auto first = end();
  if (batch.transactional) open_.try_emplace(batch.by.id, first);
  for (auto record : batch.records) {
    record.by = batch.by;
    record.at = batch.at;
    record.became = batch.transactional ? stored_record::fate::open : stored_record::fate::committed;
    records_.push_back(std::move(record));
  }
  known.last_first = batch.first_sequence;
  known.last_count = static_cast<std::int32_t>(batch.records.size());
  known.last_offset = first;
  return {RD_KAFKA_RESP_ERR_NO_ERROR, first};
}

void partition_log::end_transaction(producer_identity by, bool commit, std::chrono::nanoseconds at) {
  const auto open = open_.find(by.id);
  if (open != open_.end()) {
    for (auto i = static_cast<std::size_t>(open->second); i < records_.size(); ++i) {
      auto& one = records_[i];
      if (one.by.id != by.id || one.became != stored_record::fate::open) continue;
      one.became = commit ? stored_record::fate::committed : stored_record::fate::aborted;
    }
    open_.erase(open);
  }
  auto& known = producers_[by.id];
  if (by.epoch > known.epoch) known = {by.epoch, -1, 0, -1};
  stored_record marker;
  marker.by = by;
  marker.at = at;
  marker.what = commit ? stored_record::kind::commit_marker : stored_record::kind::abort_marker;
  marker.became = stored_record::fate::committed;
  records_.push_back(std::move(marker));
  stable_[at] = stable_end();
}

partition_log partition_log::settled_copy() const {
  auto out = *this;
  out.records_.resize(static_cast<std::size_t>(stable_end()));
  out.open_.clear();
  out.stable_.clear();
  return out;
}

void partition_log::compact(std::int64_t end) {
  std::set<std::string> newer;
  for (auto offset = std::min(end, stable_end()); offset > 0; --offset) {
    auto& one = records_[static_cast<std::size_t>(offset - 1)];
    if (one.what != stored_record::kind::data) continue;
    const bool counts = one.became == stored_record::fate::committed;
    const bool newest = counts && newer.insert(one.key).second;
    one.compacted = !newest || !one.value;
  }
}

std::int64_t partition_log::stable_end() const {
  auto stable = end();
  for (const auto& [producer, first] : open_) stable = std::min(stable, first);
  return stable;
}

std::int64_t partition_log::stable_end(std::chrono::nanoseconds at) const {
  const auto after = stable_.upper_bound(at);
  if (after == stable_.end()) return stable_end();
  return after == stable_.begin() ? 0 : std::prev(after)->second;
}

}  // namespace oes::simulation
