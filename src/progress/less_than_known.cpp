#include "progress/less_than_known.hpp"

namespace oes {
namespace {

bool names_another(const std::string& known, const std::string& there) {
  return !known.empty() && !there.empty() && known != there;
}

std::optional<std::string> progress_behind(const reconcile_input& input, const progress_snapshot& known) {
  const auto there = input.kafka ? input.kafka->state.sequence : 0;
  if (there < known.state.sequence) {
    return "it tells of sequence " + std::to_string(there) + ", and " + std::to_string(known.state.sequence) +
           " is committed";
  }
  if (input.end >= 0 && input.end <= known.place.offset) {
    return words_of({input.topic.empty() ? known.place.topic : input.topic, 0, input.end, known.place.offset});
  }
  return std::nullopt;
}

// Something was published here, and no side tells how far.
bool all_trace_is_missing(const reconcile_input& input) {
  return !input.kafka && (!input.data_topics_empty || !input.file.damage.empty());
}

}  // namespace

std::optional<cut_partition> first_cut(const next_offsets& ends, const last_offsets& written) {
  for (const auto& [topic, partitions] : written) {
    const auto there = ends.find(topic);
    if (there == ends.end()) continue;
    for (const auto& [partition, offset] : partitions) {
      const auto end = there->second.find(partition);
      if (end != there->second.end() && end->second <= offset)
        return cut_partition{topic, partition, end->second, offset};
    }
  }
  return std::nullopt;
}

std::optional<cut_partition> cut_progress(const next_offsets& ends, const progress_place& known) {
  if (known.offset < 0) return std::nullopt;
  return first_cut(ends, {{known.topic, {{0, known.offset}}}});
}

error unreadable_and_cut(const cut_partition& cut, const error& why) {
  return {errc::refused,
          "Kafka lost data: " + words_of(cut) + "; and it cannot be read to its end: " + why.context +
              "; ways out: restore the topic, which costs nothing; or end the transaction that holds it back "
              "(`kafka-transactions.sh find-hanging`, then `abort`) and `progress reset --trust file --reason TEXT`: "
              "nothing is repeated, but records that Kafka lost stay missing from the data topics"};
}

std::optional<std::string> less_than_known(const reconcile_input& input) {
  const auto& known = input.file.snapshot;
  if (known && names_another(known->place.cluster_id, input.cluster_id)) return std::nullopt;
  if (known && names_another(known->place.topic, input.topic)) return std::nullopt;
  auto cut = known ? first_cut(input.ends, known->state.written) : std::nullopt;
  if (!cut && input.kafka) cut = first_cut(input.ends, input.kafka->state.written);
  if (cut) return words_of(*cut);
  if (known) return progress_behind(input, *known);
  if (all_trace_is_missing(input))
    return "it tells of no progress, though the data topics hold records or progress.json is damaged";
  return std::nullopt;
}

std::string words_of(const cut_partition& cut) {
  return "topic " + cut.topic + ", partition " + std::to_string(cut.partition) + " ends at offset " +
         std::to_string(cut.end) + ", though a record was committed at " + std::to_string(cut.written);
}

}  // namespace oes
