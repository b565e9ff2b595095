#include "telemetry/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "async/clock.hpp"
#include "telemetry/log_line.hpp"

namespace oes {
namespace {

using spdlog::level::level_enum;

// Names outside the list were refused by config/; here they mean info rather than silence.
level_enum level_named(std::string_view name) {
  if (name == "trace") return level_enum::trace;
  if (name == "debug") return level_enum::debug;
  if (name == "warn") return level_enum::warn;
  if (name == "error") return level_enum::err;
  return level_enum::info;
}

std::string shortest(double v) {
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), v);
  return {text.data(), written.ptr};
}

}  // namespace

// Not a number and the infinities are none in JSON.
log_field::log_field(std::string_view k, double v) : key(k), value(shortest(v)), is_number(std::isfinite(v)) {}

// spdlog keeps lines whole between threads and filters by level; the line itself is ours.
struct logger::machinery {
  spdlog::logger sink;
  bool json;

  explicit machinery(const telemetry_settings& settings)
      : sink("oes", std::make_shared<spdlog::sinks::stderr_sink_mt>()), json(settings.log_format == "json") {
    sink.set_pattern("%v");
    sink.set_level(level_named(settings.log_level));
    sink.flush_on(level_enum::trace);
  }

  void put(level_enum level, std::string_view level_name, std::string_view sentence, log_fields fields) {
    if (!sink.should_log(level)) return;
    const auto now = wall_now();
    const auto line =
        json ? json_line(now, level_name, sentence, fields) : text_line(now, level_name, sentence, fields);
    sink.log(spdlog::source_loc{}, level, spdlog::string_view_t(line.data(), line.size()));
  }
};

logger::logger(const telemetry_settings& settings) : machinery_(std::make_unique<machinery>(settings)) {}
logger::~logger() = default;

void logger::debug(std::string_view sentence, log_fields fields) {
  machinery_->put(level_enum::debug, "debug", sentence, fields);
}

void logger::info(std::string_view sentence, log_fields fields) {
  machinery_->put(level_enum::info, "info", sentence, fields);
}

void logger::warn(std::string_view sentence, log_fields fields) {
  machinery_->put(level_enum::warn, "warn", sentence, fields);
}

void logger::error(std::string_view sentence, log_fields fields) {
  machinery_->put(level_enum::err, "error", sentence, fields);
}

bool logger::debug_enabled() const { return machinery_->sink.should_log(level_enum::debug); }

}  // namespace oes
