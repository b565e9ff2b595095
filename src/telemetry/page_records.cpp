#include <rapidjson/document.h>

#include <array>
#include <cmath>
#include <cstdio>

#include "telemetry/human_text.hpp"
#include "telemetry/page_parts.hpp"
#include "telemetry/text.hpp"

namespace oes {
namespace {

using json = rapidjson::Document;

std::string text_in(const json& record, const char* name) {
  const auto found = record.FindMember(name);
  return found != record.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

std::string number_text(double value) {
  std::array<char, 64> text{};
  const auto size = std::snprintf(text.data(), text.size(), "%.2f", std::abs(value));
  const std::string all(text.data(), static_cast<std::size_t>(size));
  const auto point = all.find('.');
  if (point > 15) return (value < 0 ? "-" : "") + all;
  return (value < 0 ? "-" : "") + grouped(std::stoll(all.substr(0, point))) + all.substr(point);
}

// `11-23 10:05 +10:00`
std::string short_label(const std::string& label) {
  const auto parts = split_label(label);
  if (parts.date.size() < 10) return parts.time;
  return parts.date.substr(5) + " " + parts.time + " " + parts.offset;
}

std::string value_of(const json& record) {
  const auto value = record.FindMember("value");
  if (value == record.MemberEnd() || !value->value.IsNumber()) return "no value";
  return number_text(value->value.GetDouble()) + " " + text_in(record, "unit");
}

// Of a wide record: `power 5,234.50  energy 0.00`. Its columns are all that is a number, or null for want of one.
std::string numbers_of(const json& record) {
  std::string out;
  for (const auto& one : record.GetObject()) {
    const std::string_view name(one.name.GetString(), one.name.GetStringLength());
    const bool is_column = (one.value.IsNumber() || one.value.IsNull()) && name != "revision" && name != "version";
    if (!is_column) continue;
    out.append(out.empty() ? "" : "  ").append(name).append(" ");
    out += one.value.IsNull() ? "null" : number_text(one.value.GetDouble());
  }
  return out;
}

std::string series_of(const json& record) {
  std::string series = text_in(record, "network_code");
  for (const auto* name : {"network_region", "fueltech_group", "fueltech", "unit_code"}) {
    const auto label = text_in(record, name);
    if (label.empty() || (std::string_view(name) == "fueltech" && record.HasMember("fueltech_group"))) continue;
    series += " " + label;
  }
  return series;
}

std::string revision_of(const json& record) {
  const auto revision = record.FindMember("revision");
  const bool revised = revision != record.MemberEnd() && revision->value.IsInt() && revision->value.GetInt() > 0;
  return revised ? "revision " + std::to_string(revision->value.GetInt()) : "";
}

constexpr std::size_t cells_of_wide = 4;

}  // namespace

std::vector<std::string> record_cells(const std::string& text) {
  json record;
  record.Parse(text.data(), text.size());
  const bool is_point = !record.HasParseError() && record.IsObject() && record.HasMember("interval");
  if (!is_point) return {text};
  const auto label = short_label(text_in(record, "interval"));
  if (!record.HasMember("metric")) return {label, series_of(record), numbers_of(record), revision_of(record)};
  return {label, series_of(record), text_in(record, "metric"), value_of(record), revision_of(record)};
}

void add_records(std::string& page, const daemon_status& status) {
  page.append("<h2>Newest records</h2><div class=\"card\">");
  if (status.recent.empty()) {
    page.append("<p class=\"none\">Nothing has been published since the start.</p></div>");
    return;
  }
  page.append("<ol class=\"records\">");
  for (const auto& line : status.recent) {
    const auto cells = record_cells(line);
    page.append(cells.size() == 1               ? "<li class=\"raw\">"
                : cells.size() == cells_of_wide ? "<li class=\"wide\">"
                                                : "<li>");
    for (const auto& cell : cells) page.append("<span>").append(html_escaped(cell)).append("</span>");
    page.append("</li>");
  }
  page.append("</ol></div>");
}

}  // namespace oes
