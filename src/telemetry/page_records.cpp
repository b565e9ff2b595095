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

}  // namespace

std::vector<std::string> record_cells(const std::string& text) {
  json record;
  record.Parse(text.data(), text.size());
  const bool is_point = !record.HasParseError() && record.IsObject() && record.HasMember("interval") &&
                        record.HasMember("metric") && record.HasMember("value");
  if (!is_point) return {text};
  std::string series = text_in(record, "network_code");
  for (const auto* name : {"network_region", "fueltech_group", "fueltech", "unit_code"}) {
    const auto label = text_in(record, name);
    if (label.empty() || (std::string_view(name) == "fueltech" && record.HasMember("fueltech_group"))) continue;
    series += " " + label;
  }
  const auto revision = record.FindMember("revision");
  const bool revised = revision != record.MemberEnd() && revision->value.IsInt() && revision->value.GetInt() > 0;
  return {short_label(text_in(record, "interval")), series, text_in(record, "metric"), value_of(record),
          revised ? "revision " + std::to_string(revision->value.GetInt()) : ""};
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
    page.append(cells.size() == 1 ? "<li class=\"raw\">" : "<li>");
    for (const auto& cell : cells) page.append("<span>").append(html_escaped(cell)).append("</span>");
    page.append("</li>");
  }
  page.append("</ol></div>");
}

}  // namespace oes
