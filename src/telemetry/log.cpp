#include "telemetry/log.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "async/clock.hpp"
#include "telemetry/line_writer.hpp"
#include "telemetry/log_line.hpp"

namespace oes {
namespace {

enum class log_level { trace, debug, info, warn, error };

// Names outside the list were refused by config/; here they mean info rather than silence.
log_level level_named(std::string_view name) {
  if (name == "trace") return log_level::trace;
  if (name == "debug") return log_level::debug;
  if (name == "warn") return log_level::warn;
  if (name == "error") return log_level::error;
  return log_level::info;
}

std::string_view name(log_level level) {
  switch (level) {
    case log_level::trace:
      return "trace";
    case log_level::debug:
      return "debug";
    case log_level::info:
      return "info";
    case log_level::warn:
      return "warn";
    case log_level::error:
      return "error";
  }
  return "info";
}

std::string shortest(double v) {
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), v);
  return {text.data(), written.ptr};
}

// How long an ending waits for a reader of the log.
constexpr auto goodbye = std::chrono::milliseconds(500);

}  // namespace

// Not a number and the infinities are none in JSON.
log_field::log_field(std::string_view k, double v) : key(k), value(shortest(v)), is_number(std::isfinite(v)) {}

struct logger::machinery {
  log_level least;
  bool json;
  line_writer lines;

  explicit machinery(const telemetry_settings& settings)
      : least(level_named(settings.log_level)),
        json(settings.log_format == "json"),
        lines(STDERR_FILENO, {}, goodbye, [as_json = json](std::size_t dropped) {
          return line(as_json, log_level::warn, "log lines were dropped: nobody took them", {{"lines", dropped}});
        }) {}

  static std::string line(bool as_json, log_level level, std::string_view sentence, log_fields fields) {
    const auto now = wall_now();
    return as_json ? json_line(now, name(level), sentence, fields) : text_line(now, name(level), sentence, fields);
  }

  [[nodiscard]] bool wants(log_level level) const { return level >= least; }

  void put(log_level level, std::string_view sentence, log_fields fields) {
    if (wants(level)) lines.put(line(json, level, sentence, fields));
  }
};

logger::logger(const telemetry_settings& settings) : machinery_(std::make_unique<machinery>(settings)) {}
logger::~logger() = default;

void logger::debug(std::string_view sentence, log_fields fields) {
  machinery_->put(log_level::debug, sentence, fields);
}

void logger::info(std::string_view sentence, log_fields fields) { machinery_->put(log_level::info, sentence, fields); }

void logger::warn(std::string_view sentence, log_fields fields) { machinery_->put(log_level::warn, sentence, fields); }

void logger::error(std::string_view sentence, log_fields fields) {
  machinery_->put(log_level::error, sentence, fields);
}

bool logger::debug_enabled() const { return machinery_->wants(log_level::debug); }

void logger::flush() const { machinery_->lines.flush(goodbye); }

std::size_t logger::dropped() const { return machinery_->lines.dropped(); }

}  // namespace oes
