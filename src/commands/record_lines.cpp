#include "commands/record_lines.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <cstdio>
#include <optional>

#include "model/utf8.hpp"

namespace oes {
namespace {

using document = rapidjson::Document;
using value = rapidjson::Value;

// Numbers as the texts that they are: no digit is lost.
constexpr unsigned parse_flags = rapidjson::kParseNumbersAsStringsFlag;

std::optional<document> parse(std::string_view record) {
  document out;
  out.Parse<parse_flags>(record.data(), record.size());
  if (out.HasParseError() || !out.IsObject()) return std::nullopt;
  return out;
}

std::string text_in(const document& record, std::string_view name) {
  const auto found = record.FindMember(value(rapidjson::StringRef(name.data(), name.size())));
  if (found == record.MemberEnd()) return "";
  const auto& one = found->value;
  if (one.IsString()) return {one.GetString(), one.GetStringLength()};
  if (one.IsBool()) return one.GetBool() ? "true" : "false";
  if (one.IsNull()) return "";
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> writer(out);
  one.Accept(writer);
  return {out.GetString(), out.GetSize()};
}

bool has(const document& record, const char* name) { return record.HasMember(name); }

void append_cell(std::string& to, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    to += text;
    return;
  }
  to += '"';
  for (const char c : text) {
    if (c == '"') to += '"';
    to += c;
  }
  to += '"';
}

std::string fitted(std::string_view text, std::size_t width) {
  auto out = printable(text);
  if (out.size() > width) out = printable(text, width);
  out.resize(std::max(out.size(), width), ' ');
  return out;
}

/// `2026-11-23T10:05:00+10:00` as `11-23 10:05 +10:00`.
std::string short_time(const std::string& label) {
  constexpr std::size_t with_offset = 25;
  if (label.size() != with_offset) return label;
  return label.substr(5, 5) + " " + label.substr(11, 5) + " " + label.substr(19);
}

// `5,432.10`; what is no number, as it is.
std::string grouped_number(const std::string& text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return text;
  constexpr std::size_t longest = 400;  // the largest double has 309 digits
  char buffer[longest];
  const int length = std::snprintf(buffer, longest, "%.2f", number);
  std::string out(buffer, static_cast<std::size_t>(length));
  const std::size_t first = out.front() == '-' ? 1 : 0;
  constexpr std::size_t behind = 3;  // ".10"
  for (std::size_t at = out.size() - behind; at > first + 3;) {
    at -= 3;
    out.insert(at, ",");
  }
  return out;
}

std::string right(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

std::string series_of(const document& record) {
  std::string out;
  const auto* fueltech = has(record, "fueltech") ? "fueltech" : "fueltech_group";
  for (const auto* label : {"network_region", fueltech, "facility_code", "unit_code", "status", "renewable"}) {
    if (!has(record, label)) continue;
    const bool named = std::string_view(label) == "renewable";
    out += (out.empty() ? "" : " ") + (named ? "renewable=" + text_in(record, label) : text_in(record, label));
  }
  return out;
}

std::string wide_numbers(const document& record) {
  std::string out;
  for (const auto& field : record_schema()) {
    if (field.type != field_type::number || field.name == "value" || !has(record, std::string(field.name).c_str()))
      continue;
    const auto number = text_in(record, field.name);
    out +=
        (out.empty() ? "" : "  ") + std::string(field.name) + " " + (number.empty() ? "null" : grouped_number(number));
  }
  return out;
}

std::string point_line(const document& record) {
  constexpr std::size_t series_width = 24;
  constexpr std::size_t metric_width = 12;
  constexpr std::size_t number_width = 15;
  std::string out = short_time(text_in(record, "interval")) + "  " + text_in(record, "network_code") + " " +
                    fitted(series_of(record), series_width) + " ";
  if (has(record, "metric")) {
    const auto number = text_in(record, "value");
    out += fitted(text_in(record, "metric"), metric_width) +
           right(number.empty() ? "no value" : grouped_number(number) + " " + text_in(record, "unit"), number_width);
  } else {
    out += wide_numbers(record);
  }
  const auto revision = text_in(record, "revision");
  if (!revision.empty() && revision != "0") out += "  revision " + revision;
  return printable(out);
}

std::string unit_line(const document& record) {
  constexpr std::size_t code_width = 10;
  constexpr std::size_t name_width = 28;
  std::string out = fitted(text_in(record, "facility_code"), code_width) + " " +
                    fitted(text_in(record, "unit_code"), code_width) + " " +
                    fitted(text_in(record, "facility_name"), name_width);
  for (const auto* name : {"network_code", "network_region", "fueltech", "status"}) {
    const auto text = text_in(record, name);
    if (!text.empty()) out += " " + text;
  }
  const auto capacity = text_in(record, "capacity_registered");
  if (!capacity.empty()) out += " " + grouped_number(capacity) + " MW";
  return printable(out);
}

}  // namespace

std::string csv_header(std::span<const schema_field> fields) {
  std::string out;
  for (const auto& field : fields) out.append(out.empty() ? "" : ",").append(field.name);
  return out;
}

std::string csv_line(std::string_view record, std::span<const schema_field> fields) {
  const auto read = parse(record);
  if (!read) return "";
  std::string out;
  bool first = true;
  for (const auto& field : fields) {
    if (!std::exchange(first, false)) out += ',';
    append_cell(out, text_in(*read, field.name));
  }
  return out;
}

std::string table_line(std::string_view record) {
  const auto read = parse(record);
  if (read && has(*read, "interval")) return point_line(*read);
  if (read && has(*read, "facility_code")) return unit_line(*read);
  return printable(record);
}

}  // namespace oes
