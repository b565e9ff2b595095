#pragma once
// PORT: the authority on progress, read at start and after an unknown outcome.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/error.hpp"
#include "model/ledger.hpp"
#include "model/progress.hpp"

namespace oes {

/// The progress topic, read to its end.
struct progress_reading {
  std::optional<stored_progress> found;  ///< nullopt: it holds nothing yet
  /// The partition's end as the reading was told it: where the next record must land, if that was true. -1: there is no
  /// such topic yet.
  std::int64_t end = -1;
  std::string cluster_id = {};  ///< of the cluster that was read; empty: not known
  /// By sequence, as far as compaction has left them: which history leads there.
  std::map<std::int64_t, std::string> chains;
  /// last_version of the newest change by which an operator broke with what was known before (operator_reason).
  std::int64_t broken_at = 0;
};

class progress_store {
 public:
  virtual ~progress_store() = default;
  /// Reads the progress topic to its end (guarantee.md §3).
  /// Errors: damaged, kafka_unavailable (deadline passed: names partition and offsets), stopped.
  virtual boost::asio::awaitable<result<progress_reading>> load() = 0;
  /// The ends of the topics' partitions, as of now: the offset that comes next. What does not answer is left out.
  virtual boost::asio::awaitable<next_offsets> ends_of(std::vector<std::string> topics) = 0;
  /// Other properties for librdkafka, for readings that begin from now on.
  virtual void renew(std::vector<std::pair<std::string, std::string>> properties) = 0;
  /// Writes progress.json (temp, fsync, .prev, rename, fsync the folder). io_error is survivable: log and go on. A disk
  /// that takes too long is one too; the state is written all the same, unless a newer one comes first.
  virtual boost::asio::awaitable<result<void>> mirror(progress_snapshot snapshot) = 0;
  /// Blocks until what was handed to mirror() is written, and no longer than that. false: it is not.
  virtual bool finish_mirror(std::chrono::milliseconds at_most) = 0;
};

}  // namespace oes
