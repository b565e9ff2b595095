#include "commit/comparison.hpp"

#include "model/fault_point.hpp"
#include "progress/less_than_known.hpp"
#include "progress/reconcile.hpp"

namespace oes {

namespace {

reconcile_input input_of(const kafka_view& seen, const progress_snapshot& held) {
  reconcile_input input;
  const auto& reading = seen.reading;
  if (reading.found) input.kafka = reading.found->snapshot;
  input.file.snapshot = held;
  input.by = witness::memory;
  input.cluster_id = reading.cluster_id;
  input.end = reading.end;
  input.chains = reading.chains;
  input.ends = seen.ends;
  input.broken_at = reading.broken_at;
  return input;
}

}  // namespace

result<void> compare(const kafka_view& seen, const progress_snapshot& held) {
  if (seeded_bug("kafka-believed")) return {};
  // Nothing was committed before the first claim: there is nothing to compare with.
  if (held.state.sequence == 0 && !seen.reading.found) return {};
  const auto verdict = reconcile(input_of(seen, held));
  if (!verdict) return verdict.error();
  return {};
}

std::optional<std::string> lacks(const kafka_view& seen, const progress_snapshot& held) {
  if (compare(seen, held)) return std::nullopt;
  return less_than_known(input_of(seen, held));
}

bool lasts(const error& why) { return why.code == errc::damaged || why.code == errc::refused; }

error ahead_of_us(const progress_state& there, const progress_state& known) {
  if (there.claim_owner != known.claim_owner) {
    return {errc::fenced, "another instance has claimed the deployment: " + there.claim_owner};
  }
  return {errc::fenced, "Kafka holds sequence " + std::to_string(there.sequence) +
                            ", and this process knows of no more than " + std::to_string(known.sequence) +
                            ": its progress is read anew"};
}

std::int64_t sequence_in(const progress_reading& reading) {
  return reading.found ? reading.found->snapshot.state.sequence : 0;
}

}  // namespace oes
