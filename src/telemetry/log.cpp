#include "telemetry/log.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <limits>

#include "async/clock.hpp"
#include "telemetry/journal.hpp"
#include "telemetry/line_writer.hpp"

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

// How long an ending waits for a reader of the log.
constexpr auto goodbye = std::chrono::milliseconds(500);

// Who reads stderr, and in which form.
struct log_target {
  int fd = STDERR_FILENO;
  enum class form { text, json, journal_text, journal_json, journal_entries } as = form::text;
  std::size_t piece = line_writer::pipe_piece;
  line_writer::descriptor_owner whose = line_writer::descriptor_owner::caller;
};

log_target target_of(const telemetry_settings& settings) {
  using form = log_target::form;
  const bool json = settings.log_format == "json";
  if (!reaches_journal(STDERR_FILENO)) return {STDERR_FILENO, json ? form::json : form::text};
  if (json) return {STDERR_FILENO, form::journal_json};
  const int journal = open_journal();
  if (journal < 0) return {STDERR_FILENO, form::journal_text};
  return {journal, form::journal_entries, std::numeric_limits<std::size_t>::max(),
          line_writer::descriptor_owner::writer};
}

std::string line(log_target::form as, log_level level, std::string_view sentence, log_fields fields) {
  using form = log_target::form;
  const auto now = wall_now();
  switch (as) {
    case form::text:
      return text_line(now, name(level), sentence, fields);
    case form::json:
      return json_line(now, name(level), sentence, fields);
    case form::journal_text:
      return prefixed_line(name(level), sentence_with_fields(sentence, fields));
    case form::journal_json:
      return prefixed_line(name(level), json_line(now, name(level), sentence, fields));
    case form::journal_entries:
      return journal_entry(name(level), sentence, fields);
  }
  return "";
}

}  // namespace

struct logger::machinery {
  std::atomic<log_level> least;
  log_target to;
  line_writer lines;

  explicit machinery(const telemetry_settings& settings)
      : least(level_named(settings.log_level)),
        to(target_of(settings)),
        lines(
            to.fd, {.piece = to.piece}, goodbye,
            [as = to.as](std::size_t dropped) {
              return line(as, log_level::warn, "log lines were dropped: nobody took them", {{"lines", dropped}});
            },
            to.whose) {}

  [[nodiscard]] bool wants(log_level level) const { return level >= least; }

  void put(log_level level, std::string_view sentence, log_fields fields) {
    if (wants(level)) lines.put(line(to.as, level, sentence, fields));
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

void logger::set_level(std::string_view least) { machinery_->least = level_named(least); }

bool logger::debug_enabled() const { return machinery_->wants(log_level::debug); }

void logger::flush() const { machinery_->lines.flush(goodbye); }

std::size_t logger::dropped() const { return machinery_->lines.dropped(); }

}  // namespace oes
