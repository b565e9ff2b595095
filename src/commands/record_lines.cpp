#include "commands/record_lines.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <utility>

#include "model/utf8.hpp"

namespace oes {
namespace {

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

std::string series_of(const record_members& record) {
  std::string out;
  const auto* fueltech = record.has("fueltech") ? "fueltech" : "fueltech_group";
  for (const auto* label : {"network_region", fueltech, "facility_code", "unit_code", "status", "renewable"}) {
    if (!record.has(label)) continue;
    const bool named = std::string_view(label) == "renewable";
    out += (out.empty() ? "" : " ") + (named ? "renewable=" + record.text(label) : record.text(label));
  }
  return out;
}

std::string wide_numbers(const record_members& record) {
  std::string out;
  const auto append = [&out](std::string_view name, const std::string& number) {
    out += (out.empty() ? "" : "  ") + std::string(name) + " " + (number.empty() ? "null" : grouped_number(number));
  };
  for (const auto& field : record_schema()) {
    if (field.type != field_type::number || field.name == "value" || !record.has(field.name)) continue;
    append(field.name, record.text(field.name));
  }
  for (const auto& name : newer_metrics(record)) append(name, record.text(name));
  return out;
}

std::string point_line(const record_members& record) {
  constexpr std::size_t series_width = 24;
  constexpr std::size_t metric_width = 12;
  constexpr std::size_t longest_metric = 64;
  constexpr std::size_t number_width = 15;
  std::string out = short_time(record.text("interval")) + "  " + record.text("network_code") + " " +
                    fitted(series_of(record), series_width) + " ";
  if (record.has("metric")) {
    const auto number = record.text("value");
    // Whole: metrics that begin alike are told apart by their ends.
    auto metric = printable(record.text("metric"), longest_metric);
    metric.resize(std::max(metric.size(), metric_width), ' ');
    out += metric +
           right(number.empty() ? " no value" : " " + grouped_number(number) + " " + record.text("unit"), number_width);
  } else {
    out += wide_numbers(record);
  }
  const auto revision = record.text("revision");
  if (!revision.empty() && revision != "0") out += "  revision " + revision;
  return printable(out);
}

std::string unit_line(const record_members& record) {
  constexpr std::size_t code_width = 10;
  constexpr std::size_t name_width = 28;
  std::string out = fitted(record.text("facility_code"), code_width) + " " +
                    fitted(record.text("unit_code"), code_width) + " " +
                    fitted(record.text("facility_name"), name_width);
  for (const auto* name : {"network_code", "network_region", "fueltech", "status"}) {
    const auto text = record.text(name);
    if (!text.empty()) out += " " + text;
  }
  const auto capacity = record.text("capacity_registered");
  if (!capacity.empty()) out += " " + grouped_number(capacity) + " MW";
  return printable(out);
}

}  // namespace

std::optional<row_kind> kind_of(const record_members& record) {
  if (record.has("interval")) return row_kind::point;
  if (record.has("facility_code")) return row_kind::unit;
  return std::nullopt;
}

std::span<const schema_field> columns_of(row_kind kind) {
  return kind == row_kind::point ? record_schema() : facility_list_schema();
}

std::vector<std::string> newer_metrics(const record_members& record) {
  if (record.has("metric")) return {};
  std::vector<std::string> out;
  const auto known = record_schema();
  for (const auto& one : record.all()) {
    const bool has_column =
        std::any_of(known.begin(), known.end(), [&](const schema_field& field) { return field.name == one.name; });
    if (one.is_number && !has_column) out.push_back(one.name);
  }
  return out;
}

std::string json_line(std::string_view record) {
  std::string out(record);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return out;
}

std::string csv_header(std::span<const schema_field> fields) {
  std::string out;
  for (const auto& field : fields) out.append(out.empty() ? "" : ",").append(field.name);
  return out;
}

std::string csv_line(const record_members& record, std::span<const schema_field> fields) {
  std::string out;
  bool first = true;
  for (const auto& field : fields) {
    if (!std::exchange(first, false)) out += ',';
    append_cell(out, record.text(field.name));
  }
  return out;
}

std::string table_line(std::string_view record) {
  const auto read = record_members::read(record);
  const auto kind = read ? kind_of(*read) : std::nullopt;
  if (!kind) return printable(record);
  return *kind == row_kind::point ? point_line(*read) : unit_line(*read);
}

}  // namespace oes
