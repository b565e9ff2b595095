#pragma once
// Internal to progress/: one reading of the progress partition from its beginning to its end (guarantee.md §3).
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "async/clock.hpp"
#include "kafka/consumer.hpp"
#include "model/error.hpp"
#include "model/ledger.hpp"
#include "progress/progress_settings.hpp"
#include "progress/progress_store.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// Blocking, in slices: call step() on the blocking executor until it gives an answer.
class progress_reader final {
 public:
  using answer = result<progress_reading>;

  /// The deadline starts now, and anew with each record that is read. Errors of the settings come from the first
  /// step().
  progress_reader(const progress_settings& settings, logger& log);
  ~progress_reader();
  progress_reader(const progress_reader&) = delete;
  progress_reader& operator=(const progress_reader&) = delete;

  /// About 100 ms of work at most (up to 1 s while no broker answers). nullopt: not finished, call again.
  std::optional<answer> step();

 private:
  std::optional<answer> phase();
  std::optional<answer> open(isolation_level level);
  std::optional<answer> ask_end();
  rd_kafka_resp_err_t ask_topic();
  void note_cluster_id();
  std::optional<answer> start_reading();
  std::optional<answer> read_some();
  std::optional<answer> take(const rd_kafka_message_t& message);
  answer finish();
  void start_again();
  void note_history(std::string_view key, std::string_view value);
  void close();
  std::optional<answer> note(rd_kafka_resp_err_t err);
  [[nodiscard]] error too_late() const;

  progress_settings settings_;
  logger& log_;
  std::chrono::milliseconds timeout_;
  steady_time deadline_;
  std::unique_ptr<kafka_consumer> handle_;
  kafka_topic topic_;  // after handle_: must go first
  std::optional<steady_time> missing_since_;
  std::int64_t begin_ = 0;
  std::int64_t end_ = -1;     // as the read_uncommitted handle was told
  std::int64_t reached_ = 0;  // offset up to which everything was seen
  bool second_ = false;       // handle_ is the reader's, not the one that asked for the end
  bool reading_ = false;
  bool lost_place_ = false;
  stored_progress found_;
  progress_reading reading_of_;
  std::string last_error_;
};

}  // namespace oes
