#include "unit/exactly_once/decisions.hpp"

#include <array>
#include <map>

#include "progress/reconcile.hpp"

namespace oes::test {

std::string name_of(std::int8_t owner) { return owner < 0 ? "" : "instance-" + std::to_string(owner); }

progress_state as_state(const held& h) {
  progress_state state;
  state.sequence = h.sequence;
  state.claim_owner = name_of(h.owner);
  member_progress member;
  member.position = network_time(std::chrono::minutes(5 * h.position));
  state.members[{"s", "power"}] = member;
  return state;
}

// Few different questions, asked often: answers are kept.
std::optional<held> reconciled(bool in_kafka, const held& kafka, bool in_file, const held& file) {
  static std::map<std::array<int, 8>, std::optional<held>> answers;
  const std::array<int, 8> question{in_kafka, kafka.sequence, kafka.position, kafka.owner,
                                    in_file,  file.sequence,  file.position,  file.owner};
  if (const auto known = answers.find(question); known != answers.end()) return known->second;
  reconcile_input input;
  input.cluster_id = "c";
  input.topic = "t";
  input.data_topics_empty = !in_kafka;
  if (in_kafka) input.kafka = progress_snapshot{as_state(kafka), {"c", "t", kafka.sequence}};
  if (in_file) input.file.snapshot = progress_snapshot{as_state(file), {"c", "t", file.sequence}};
  const auto decision = reconcile(input);
  std::optional<held> out;
  if (decision) out = in_kafka ? kafka : held{};
  return answers[question] = out;
}

}  // namespace oes::test
