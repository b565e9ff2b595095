#pragma once
// Under what a transaction is sent to Kafka (guarantee.md §3).
#include <cstdint>

namespace oes {

/// Handed out by the publisher when it leads. A transaction carries the one under which Kafka was last compared; the
/// publisher holds it against its own before anything of it is sent.
struct authority {
  /// Raised by each loss of the lease, also where the next assignment follows at once: what was decided in an older one
  /// may be what another leader has published meanwhile.
  std::int64_t epoch = 0;
  /// Raised by each new producer: what Kafka holds is compared with what is known before the first transaction through
  /// it.
  std::int64_t producer = 0;
  bool operator==(const authority&) const = default;
};

}  // namespace oes
