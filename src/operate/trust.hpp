#pragma once
// When Kafka and the file contradict each other, or another cluster answers: an operator decides which holds. Pure.
#include "model/error.hpp"
#include "operate/progress_edit.hpp"
#include "progress/reconcile.hpp"

namespace oes {

enum class trusted_side { kafka, file };

/// Kafka's state (none: empty), with sequence, generation and version not below the file's: none is handed out twice.
whole_progress kafka_beside_file(const reconcile_input& input, ledger_book ledger);

/// `progress reset --trust kafka|file`. `ledger` is Kafka's: the file has none, so what it covers beyond Kafka is not
/// compared with the API any more. refused: the trusted side holds nothing that could be taken.
result<progress_edit> trust_side(const reconcile_input& input, ledger_book ledger, trusted_side side);

/// `progress adopt`: the cluster has another id but the same data (mirrored, restored). Kafka's progress where there is
/// some, else the file's. refused: it is the cluster that the file names.
result<progress_edit> adopt_cluster(const reconcile_input& input, ledger_book ledger);

/// What becomes of an end that Kafka did not tell: of a topic that is gone, or since no answer came in time.
enum class untold_end { kept, forgotten };

/// The ends that this deployment has written, as far as they are `there` (offsets that come next) still: an operator
/// who goes on over lost records goes on from what is left.
last_offsets ends_left(last_offsets written, const next_offsets& there, untold_end untold);

}  // namespace oes
