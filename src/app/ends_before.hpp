#pragma once
// Keeps one answer that ends the process from stopping every stream: what this process is at work on, what ended the
// processes before it, and what is set apart for that. Loop only.
#include <chrono>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/last_words.hpp"
#include "files/disk_worker.hpp"
#include "model/end_history.hpp"
#include "model/range_set.hpp"
#include "telemetry/log.hpp"

namespace oes {

struct quarantine {
  std::chrono::microseconds pause;  ///< from now on
  std::string why;
};

class ends_before {
 public:
  /// `folder`: progress_path.
  ends_before(std::string folder, logger& log);

  /// What the file holds of this host's ends; from now on a dying process is sure to find it. Once, under the lock.
  void open();
  /// What Kafka knows of others'.
  void learn(const end_history& others);
  [[nodiscard]] const end_history& known() const { return history_; }
  /// Something ended the process before and has not gone well since.
  [[nodiscard]] bool any() const { return !history_.ends.empty(); }

  /// nullopt: begin at once.
  [[nodiscard]] std::optional<quarantine> of(const work_key& work) const;

  /// The coroutine of that name works on this from now on.
  void begins(std::string_view who, const std::vector<work_in_hand>& work);
  /// Where that is all of what it was at work on when it ended the process, in one piece or in several, its ends count
  /// no more.
  void succeeded(const work_in_hand& work);

  /// Blocks until the file is written, and no longer than that. false: it is not.
  bool finish(std::chrono::milliseconds at_most) { return disk_.finish(at_most); }

  /// In `who` something happened that nobody expected.
  [[noreturn]] void end(std::string_view who, const std::exception_ptr& thrown) const noexcept;

 private:
  std::string folder_;
  std::string file_;
  logger& log_;
  disk_worker disk_;
  end_history history_;
  std::map<work_key, range_set> unproven_;  ///< windows that ended a process, and were not read through since
  std::map<std::string, std::vector<last_note>, std::less<>> notes_;
};

}  // namespace oes
