#include "commit/comparison.hpp"

#include "model/fault_point.hpp"
#include "progress/reconcile.hpp"

namespace oes {

result<void> compare(const kafka_view& seen, const progress_snapshot& held) {
  if (seeded_bug("kafka-believed")) return {};
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
  // Nothing was committed before the first claim: there is nothing to compare with.
  if (held.state.sequence == 0 && !input.kafka) return {};
  const auto verdict = reconcile(input);
  if (!verdict) return verdict.error();
  return {};
}

bool lasts(const error& why) { return why.code == errc::damaged || why.code == errc::refused; }

error ahead_of_us(const progress_state& there, const progress_state& known) {
  if (there.claim_owner != known.claim_owner) {
    return {errc::fenced, "another instance has claimed the deployment: " + there.claim_owner, {}, 0};
  }
  return {errc::fenced,
          "Kafka holds sequence " + std::to_string(there.sequence) + ", and this process knows of no more than " +
              std::to_string(known.sequence) + ": its progress is read anew",
          {},
          0};
}

error behind_us(std::int64_t there, std::int64_t known) {
  return {errc::kafka_unavailable,
          "a broker that lags behind was read: it tells of sequence " + std::to_string(there) + ", and " +
              std::to_string(known) + " is committed",
          {},
          0};
}

std::int64_t sequence_in(const progress_reading& reading) {
  return reading.found ? reading.found->snapshot.state.sequence : 0;
}

}  // namespace oes
