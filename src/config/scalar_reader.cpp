#include "config/scalar_reader.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "config/nearest.hpp"
#include "config/quantity.hpp"
#include "config/text_checks.hpp"
#include "model/time.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;
using outcome = std::variant<setting_value, scalar_fault>;

std::string bound(const key_info& info, double value) {
  if (info.kind == value_kind::duration) return format_duration(milliseconds(static_cast<std::int64_t>(value)));
  if (info.kind == value_kind::size) return format_size(static_cast<std::int64_t>(value));
  if (info.kind == value_kind::integer) return std::to_string(static_cast<std::int64_t>(value));
  return format_number(value);
}

std::string range(const key_info& info) {
  std::string out;
  if (std::isfinite(info.rules.lowest))
    out = (info.rules.above_lowest ? " above " : " of at least ") + bound(info, info.rules.lowest);
  if (std::isfinite(info.rules.highest))
    out += (out.empty() ? " of" : " and") + (" at most " + bound(info, info.rules.highest));
  return out;
}

bool inside(const key_info& info, double value) {
  return value >= info.rules.lowest && value <= info.rules.highest &&
         !(info.rules.above_lowest && value == info.rules.lowest);
}

outcome refuse(const key_info& info, const std::string& text) {
  return scalar_fault{(text.empty() ? "it is empty" : "found '" + text + "'") + "; it must be " + allowed(info)};
}

outcome bounded(const key_info& info, const std::string& text, double size, setting_value value) {
  if (inside(info, size)) return value;
  return refuse(info, text);
}

outcome read_choice(const key_info& info, const std::string& text) {
  if (std::find(info.rules.choices.begin(), info.rules.choices.end(), text) != info.rules.choices.end())
    return setting_value(text);
  auto message = "unknown value '" + text + "'";
  if (const auto near = nearest(text, info.rules.choices)) {
    const bool only_case = near->size() == text.size() &&
                           std::equal(near->begin(), near->end(), text.begin(), [](unsigned char a, unsigned char b) {
                             return std::tolower(a) == std::tolower(b);
                           });
    message += only_case ? "; case matters, did you mean '" : "; did you mean '";
    message += *near + "'?";
  } else {
    message += ";";
  }
  return scalar_fault{message + " Allowed: " + listed(info.rules.choices)};
}

// As YAML 1.2 spells them, of which Ansible and Jinja take Python's.
outcome read_flag(const key_info& info, const std::string& text) {
  if (text == "true" || text == "True" || text == "TRUE") return setting_value(true);
  if (text == "false" || text == "False" || text == "FALSE") return setting_value(false);
  return refuse(info, text);
}

bool is_start(const std::string& text) {
  if (text == "latest") return true;
  if (text.starts_with('-')) return parse_duration(std::string_view(text).substr(1)).has_value();
  return parse_network_time(text) || parse_offset_time(text) || parse_network_time(text + "T00:00:00");
}

outcome read_text(const key_info& info, const std::string& text) {
  // Secrets have rules of their own, and nothing of them is told.
  const bool told =
      info.kind != value_kind::secret && info.kind != value_kind::proxy_url && info.kind != value_kind::properties;
  if (const auto fault = fault_of_text(text); told && fault) return scalar_fault{"the text " + *fault};
  if (info.kind == value_kind::secret_file || info.kind == value_kind::file) {
    auto complaint = fault_of_path(text);
    if (!complaint.empty()) return scalar_fault{std::move(complaint)};
  }
  if (info.rules.check != nullptr) {
    auto complaint = info.rules.check(text);
    if (!complaint.empty()) return scalar_fault{std::move(complaint)};
  }
  return setting_value(text);
}

}  // namespace

std::string allowed(const key_info& info) {
  switch (info.kind) {
    case value_kind::text:
    case value_kind::secret:
    case value_kind::proxy_url:
      return "a text";
    case value_kind::secret_file:
    case value_kind::file:
      return "the path of a file";
    case value_kind::flag:
      return "true or false";
    case value_kind::integer:
      return "a whole number" + range(info);
    case value_kind::number:
      return "a number" + range(info);
    case value_kind::duration:
      return "a duration" + range(info) + ", written like 250ms, 30s, 5m, 1h30m or 2d";
    case value_kind::size:
      return "a size" + range(info) + ", written like 500kB or 64MiB";
    case value_kind::choice:
      return "one of " + listed(info.rules.choices);
    case value_kind::text_list:
      return "a list, or a single text";
    case value_kind::properties:
      return "a map of property: value";
    case value_kind::start:
      return "a time (2026-01-15, 2026-01-15T10:30:00 in network time, or with an offset), a span before now (-6h) or "
             "latest";
    case value_kind::time_of_day:
      return "a time of day in UTC, HH:MM";
    case value_kind::instant:
      return "a time with an offset, like 2026-01-15T10:30:00+10:00";
  }
  return "";
}

std::variant<setting_value, scalar_fault> read_scalar(const key_info& info, const std::string& text) {
  switch (info.kind) {
    case value_kind::text:
    case value_kind::secret:
    case value_kind::proxy_url:
    case value_kind::secret_file:
    case value_kind::file:
    case value_kind::text_list:
    case value_kind::properties:
      return read_text(info, text);
    case value_kind::choice:
      return read_choice(info, text);
    case value_kind::flag:
      return read_flag(info, text);
    case value_kind::integer:
      if (const auto n = parse_integer(text)) return bounded(info, text, static_cast<double>(*n), *n);
      return refuse(info, text);
    case value_kind::number:
      if (const auto n = parse_number(text)) return bounded(info, text, *n, *n);
      return refuse(info, text);
    case value_kind::duration:
      if (const auto span = parse_duration(text)) return bounded(info, text, static_cast<double>(span->count()), *span);
      return refuse(info, text);
    case value_kind::size:
      if (const auto bytes = parse_size(text)) return bounded(info, text, static_cast<double>(*bytes), *bytes);
      return refuse(info, text);
    case value_kind::start:
      return is_start(text) ? outcome(setting_value(text)) : refuse(info, text);
    case value_kind::time_of_day:
      if (const auto time = parse_time_of_day(text)) return setting_value(milliseconds(*time));
      return refuse(info, text);
    case value_kind::instant:
      return parse_utc(text) ? outcome(setting_value(text)) : refuse(info, text);
  }
  return refuse(info, text);
}

std::string format_scalar(value_kind kind, const setting_value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<double>(&value)) return format_number(*number);
  if (const auto* count = std::get_if<std::int64_t>(&value)) {
    return kind == value_kind::size ? format_size(*count) : std::to_string(*count);
  }
  if (const auto* span = std::get_if<milliseconds>(&value)) {
    return kind == value_kind::time_of_day ? format_time_of_day(std::chrono::floor<std::chrono::seconds>(*span))
                                           : format_duration(*span);
  }
  return "";
}

}  // namespace oes
