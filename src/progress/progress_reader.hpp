#pragma once
// Internal to progress/: one reading of the progress partition from its beginning to its end (guarantee.md §3).
#include <memory>
#include <optional>

#include "model/error.hpp"
#include "model/ledger.hpp"
#include "progress/kafka_progress.hpp"

namespace oes {

/// Blocking, in slices: call step() on the blocking executor until it gives an answer.
class progress_reader {
 public:
  using answer = result<progress_reading>;
  virtual ~progress_reader() = default;
  /// About 100 ms of work at most (up to 1 s while no broker answers). nullopt: not finished, call again.
  virtual std::optional<answer> step() = 0;
};

/// The deadline starts now, and anew with each record that is read. Errors of the settings come from the first step().
std::unique_ptr<progress_reader> make_progress_reader(const progress_settings& settings, logger& log);

}  // namespace oes
