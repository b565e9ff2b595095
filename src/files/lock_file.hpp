#pragma once
// One process per progress_path (guarantee.md §3).
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "files/local_file.hpp"
#include "model/error.hpp"

namespace oes {

/// Who holds a lock, as far as that can be told.
struct lock_holder {
  std::string pid;  ///< empty: it did not write that down
  [[nodiscard]] std::string words() const { return pid.empty() ? "another process" : "process " + pid; }
};

/// Held until destroyed (or the process dies).
class lock_file {
 public:
  /// errc::locked names the holder's pid; io_error names the folder.
  static result<std::unique_ptr<lock_file>> acquire(const std::string& folder);
  /// Whether somebody holds it, and who. nullopt: nobody, or it cannot be told. Makes nothing.
  static std::optional<lock_holder> holder(const std::string& folder);
  /// Whether the folder still has the file that is held: it may have been moved, or emptied by who cleans up.
  [[nodiscard]] bool is_in(const std::string& folder) const;
  ~lock_file();
  lock_file(const lock_file&) = delete;
  lock_file& operator=(const lock_file&) = delete;

 private:
  explicit lock_file(local_file file) : file_(std::move(file)) {}
  local_file file_;
};

}  // namespace oes
