#pragma once
// PORT: the authority on progress, read at start and after an unknown outcome.
#include <boost/asio/awaitable.hpp>
#include <optional>

#include "model/error.hpp"
#include "model/ledger.hpp"
#include "model/progress.hpp"

namespace oes {

class progress_store {
 public:
  virtual ~progress_store() = default;
  /// Reads the progress topic to its end (delivery.md §3.5). nullopt: it holds nothing yet.
  /// Errors: damaged, kafka_unavailable (deadline passed: names partition and offsets), stopped.
  virtual boost::asio::awaitable<result<std::optional<stored_progress>>> load() = 0;
  /// Writes progress.json (temp, fsync, .prev, rename, fsync the folder). io_error is survivable: log and go on.
  virtual result<void> mirror(const progress_snapshot& snapshot) = 0;
};

}  // namespace oes
