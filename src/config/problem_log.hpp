#pragma once
// Collects every problem of a configuration, so that all are reported together.
#include <string>
#include <vector>

namespace oes {

enum class severity { fault, warning };

/// One problem of a configuration: where, which key, what was found, what is allowed.
struct config_problem {
  severity level = severity::fault;
  std::string file;  ///< empty: from the environment or a default
  int line = 0;      ///< 1-based; 0: no position
  int column = 0;
  std::string key;      ///< dotted path, `streams[2].metrics[0]`
  std::string message;  ///< one line: found, allowed, nearest known
};

/// `file:line:column: error: key: message`
std::string describe(const config_problem& problem);

/// 1-based; line 0: nowhere in the file.
struct source_position {
  int line = 0;
  int column = 0;
  bool operator==(const source_position&) const = default;
};

class problem_log {
 public:
  explicit problem_log(std::string file) : file_(std::move(file)) {}
  void fault(source_position at, const std::string& key, const std::string& message);
  void warn(source_position at, const std::string& key, const std::string& message);
  /// Of the environment, not of the file.
  void environment_fault(const std::string& variable, const std::string& message);

  [[nodiscard]] bool has_faults() const { return faults_ > 0; }
  /// No more are kept, only counted: what takes time to say need not be found out.
  [[nodiscard]] bool is_full() const { return more_ > 0; }
  [[nodiscard]] const std::string& file() const { return file_; }
  /// At most 100, then how many more there are. In the order of the file; each problem once, though several streams may
  /// have inherited it; and without any of `secrets`, whatever strange place one was written to.
  [[nodiscard]] std::vector<config_problem> take(const std::vector<std::string>& secrets);

 private:
  void add(severity level, std::string file, source_position at, const std::string& key, const std::string& message);
  std::string file_;
  std::vector<config_problem> problems_;
  std::size_t faults_ = 0;
  std::size_t more_ = 0;  ///< beyond those that are kept
};

}  // namespace oes
