#pragma once
// One log event as one line, in either of the two forms; pure, so that the forms are tested without a log.
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "model/time.hpp"

namespace oes {

/// One key=value of a log line. Keys: stream, network, metric first, where they apply.
struct log_field {
  std::string_view key;
  std::string value;
  bool is_number = false;  ///< in JSON without quotes

  log_field(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
  log_field(std::string_view k, std::string_view v) : key(k), value(v) {}
  log_field(std::string_view k, const char* v) : key(k), value(v) {}
  log_field(std::string_view k, std::int64_t v) : key(k), value(std::to_string(v)), is_number(true) {}
  log_field(std::string_view k, std::size_t v) : key(k), value(std::to_string(v)), is_number(true) {}
  log_field(std::string_view k, int v) : key(k), value(std::to_string(v)), is_number(true) {}
  log_field(std::string_view k, double v);
};

using log_fields = std::initializer_list<log_field>;

/// `2026-11-23T00:05:00.123Z info  published an interval stream=nem records=305`; never more than one line, no newline.
std::string text_line(utc_time at, std::string_view level, std::string_view sentence, log_fields fields);

/// The same without time and level, for a reader that has its own.
std::string sentence_with_fields(std::string_view sentence, log_fields fields);

/// `{"time":"…Z","level":"info","msg":"…","stream":"nem","records":"305"}`; every field is a string.
std::string json_line(utc_time at, std::string_view level, std::string_view sentence, log_fields fields);

}  // namespace oes
