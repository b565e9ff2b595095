#pragma once
// The small files beside progress.json that are written while the daemon runs: on threads of their own, so that a disk
// that stalls holds up nothing that goes to Kafka, and a request by half a second at most.
#include "async/clock.hpp"
#include "files/disk_worker.hpp"

namespace oes {

struct own_files {
  disk_worker credits;  ///< budget.json
  disk_worker key;      ///< the fingerprint of a key that was accepted
  disk_worker samples;  ///< answers that stayed unusable
  disk_worker schemas;  ///< schemas.json
  disk_worker permit;   ///< that of a fresh start, used up

  /// Blocks until nothing is left to be written, and no longer than that. false: something is.
  bool finish(steady_time until);
};

/// From now until then; nothing once it is over.
std::chrono::milliseconds time_left(steady_time until);

}  // namespace oes
