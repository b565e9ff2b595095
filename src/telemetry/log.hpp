#pragma once
// Log lines: a short sentence plus key=value. One object, made in app/, handed to who logs.
#include <memory>
#include <string_view>

#include "telemetry/log_line.hpp"
#include "telemetry/telemetry_settings.hpp"

namespace oes {

/// Thread-safe (librdkafka's thread logs too). Goes to stderr, text or one JSON object a line, by a writer that never
/// makes its callers wait: with nobody reading, lines are dropped and counted.
class logger {
 public:
  explicit logger(const telemetry_settings& settings);
  ~logger();
  logger(const logger&) = delete;
  logger& operator=(const logger&) = delete;

  void debug(std::string_view sentence, log_fields fields = {});
  void info(std::string_view sentence, log_fields fields = {});
  void warn(std::string_view sentence, log_fields fields = {});
  void error(std::string_view sentence, log_fields fields = {});
  /// As telemetry_settings::log_level has it, from now on.
  void set_level(std::string_view least);
  [[nodiscard]] bool debug_enabled() const;
  /// For who ends the process at once: gives what was logged half a second to be written.
  void flush() const;
  /// Lines that nobody took, since the start.
  [[nodiscard]] std::size_t dropped() const;

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

}  // namespace oes
