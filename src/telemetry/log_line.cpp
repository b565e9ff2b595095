#include "telemetry/log_line.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>
#include <charconv>
#include <cmath>

#include "model/utf8.hpp"
#include "telemetry/text.hpp"

namespace oes {
namespace {

constexpr std::size_t level_width = 5;

std::string shortest(double v) {
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), v);
  return {text.data(), written.ptr};
}

}  // namespace

// Not a number and the infinities are none in JSON.
log_field::log_field(std::string_view k, double v) : key(k), value(shortest(v)), is_number(std::isfinite(v)) {}

std::string sentence_with_fields(std::string_view sentence, log_fields fields) {
  auto line = escaped(sentence, quoting::none);
  for (const auto& field : fields) {
    line.append(" ").append(field.key).append("=").append(log_value(field.value));
  }
  return line;
}

std::string text_line(utc_time at, std::string_view level, std::string_view sentence, log_fields fields) {
  std::string line = format_utc(at);
  line.append(" ").append(level);
  if (level.size() < level_width) line.append(level_width - level.size(), ' ');
  return line.append(" ").append(sentence_with_fields(sentence, fields));
}

std::string json_line(utc_time at, std::string_view level, std::string_view sentence, log_fields fields) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> json(out);
  const auto put = [&json](std::string_view key, std::string_view value) {
    json.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    json.String(printable(value));
  };
  json.StartObject();
  put("time", format_utc(at));
  put("level", level);
  put("msg", sentence);
  for (const auto& field : fields) {
    if (field.is_number) {
      json.Key(field.key.data(), static_cast<rapidjson::SizeType>(field.key.size()));
      json.RawValue(field.value.data(), field.value.size(), rapidjson::kNumberType);
    } else {
      put(field.key, field.value);
    }
  }
  json.EndObject();
  return {out.GetString(), out.GetSize()};
}

}  // namespace oes
