#include "verify/data_point.hpp"

#include <rapidjson/document.h>

#include <charconv>
#include <optional>
#include <vector>

#include "model/json_number.hpp"

namespace oes {
namespace {

constexpr std::int64_t highest_revision = 0xFFFE;

error not_ours() { return {errc::damaged, "not a record of this program"}; }

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::string> decoded(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '%') {
      out += part[i];
      continue;
    }
    int byte = 0;
    const auto hex = part.substr(i + 1, 2);
    const auto end = std::from_chars(hex.data(), hex.data() + hex.size(), byte, 16).ptr;
    if (hex.size() != 2 || end != hex.data() + 2) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

// `v1|NEM|5m|power|fueltech=wind,region=NSW1[|interval]`
std::optional<series_labels> labels_in(std::string_view key) {
  constexpr std::size_t place = 4;
  const auto parts = split(key, '|');
  if (parts.size() <= place || parts[0] != "v1") return std::nullopt;
  series_labels labels;
  if (parts[place].empty()) return labels;
  for (const auto pair : split(parts[place], ',')) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    auto name = decoded(pair.substr(0, equals));
    auto value = decoded(pair.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    labels.emplace_back(std::move(*name), std::move(*value));
  }
  return labels;
}

std::string_view text_in(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

std::optional<std::int64_t> count_in(const rapidjson::Value& object, const char* name) {
  const auto digits = text_in(object, name);
  std::int64_t out = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (digits.empty() || read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return out;
}

// The digits; empty: null. nullopt: neither, which we never write. Numbers were parsed as strings, so a text that is
// none has to be told by its form.
std::optional<std::string> number_in(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd()) return std::nullopt;
  if (found->value.IsNull()) return std::string();
  const auto text = text_in(object, name);
  if (!is_json_number(text)) return std::nullopt;
  return std::string(text);
}

// `"power":1.5,"energy":0.4`: what a wide record's value is compared by. A column that is null was left out.
std::optional<std::string> joined(const rapidjson::Value& object, const std::vector<std::string>& columns) {
  std::string out;
  for (const auto& column : columns) {
    if (!object.HasMember(column.c_str())) continue;
    const auto number = number_in(object, column.c_str());
    if (!number) return std::nullopt;
    if (number->empty()) continue;
    if (!out.empty()) out += ',';
    out.append("\"").append(column).append("\":").append(*number);
  }
  return out;
}

}  // namespace

result<data_point> read_data_point(std::string_view key, std::string_view value,
                                   const std::vector<std::string>& columns) {
  auto labels = labels_in(key);
  rapidjson::Document object;
  object.Parse<rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag>(value.data(), value.size());
  if (!labels || object.HasParseError() || !object.IsObject()) return not_ours();
  const auto interval = parse_offset_time(text_in(object, "interval"));
  const auto revision = count_in(object, "revision");
  const auto version = count_in(object, "version");
  const auto stream = text_in(object, "stream");
  const bool wide = !object.HasMember("metric");
  const auto metric = wide ? std::string_view("*") : text_in(object, "metric");
  auto number = wide ? joined(object, columns) : number_in(object, "value");
  if (!interval || !revision || !version || stream.empty() || metric.empty() || !number) return not_ours();
  if (*revision < 0 || *revision > highest_revision || *version < 0) return not_ours();
  data_point out;
  out.stream = stream;
  out.interval = interval->local;
  out.labels = std::move(*labels);
  out.revision = *revision;
  out.version = *version;
  out.metric = metric;
  out.number = std::move(*number);
  auto identity = identity_of_record(key, text_in(object, "grouping"));
  if (!identity) return not_ours();
  out.identity = std::move(*identity);
  return out;
}

}  // namespace oes
