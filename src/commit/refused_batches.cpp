#include "commit/refused_batches.hpp"

#include <utility>
#include <vector>

namespace oes {
namespace {

void add_as_data(record_batch& to, const progress_message& message) {
  record_ref one;
  one.offset = static_cast<std::uint32_t>(to.bytes.size());
  one.key_size = static_cast<std::uint16_t>(message.key.size());
  one.value_size = static_cast<std::uint32_t>(message.value.size());
  one.tombstone = message.value.empty();
  to.bytes.append(message.key).append(message.value);
  to.records.push_back(one);
}

}  // namespace

void refused_batches::keep_as(const std::string& name, const std::string& topic, record_batch batch) {
  if (topic.empty()) return;
  std::erase_if(batch.records, [&](const record_ref& one) { return batch.topics[one.topic] != topic; });
  if (!batch.records.empty()) by_name_[name] = std::move(batch);
}

record_batch refused_batches::take_as(const std::string& name, const std::string& topic) {
  auto known = by_name_.extract(name);
  if (known) return std::move(known.mapped());
  record_batch out;
  out.topics = {topic};
  out.bytes = "rehearsal{}";  // key and value: a compacted topic takes nothing without a key
  constexpr std::uint16_t key_size = 9;
  out.records.push_back({0, 2, key_size, 0, false});
  return out;
}

record_batch progress_as_data(const transaction& txn, const std::string& topic) {
  record_batch out;
  out.topics = {topic};
  add_as_data(out, txn.begin);
  for (const auto& message : txn.progress) add_as_data(out, message);
  return out;
}

}  // namespace oes
