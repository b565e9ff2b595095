#include "commit/refused_batches.hpp"

#include <utility>
#include <vector>

namespace oes {

void refused_batches::keep(const std::string& topic, record_batch batch) {
  if (topic.empty()) return;
  std::erase_if(batch.records, [&](const record_ref& one) { return batch.topics[one.topic] != topic; });
  if (!batch.records.empty()) by_topic_[topic] = std::move(batch);
}

record_batch refused_batches::take(const std::string& topic) {
  auto known = by_topic_.extract(topic);
  if (known) return std::move(known.mapped());
  record_batch out;
  out.topics = {topic};
  out.bytes = "rehearsal{}";  // key and value: a compacted topic takes nothing without a key
  constexpr std::uint16_t key_size = 9;
  out.records.push_back({0, 2, key_size, 0, false});
  return out;
}

}  // namespace oes
