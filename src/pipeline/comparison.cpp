#include "pipeline/comparison.hpp"

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

}  // namespace oes
