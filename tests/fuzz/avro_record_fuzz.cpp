// A record in Avro of whoever may write to our topics, its writer's schema in the first line: not to be read, or JSON
// of one object, which is a point of ours or not.
// Links: model records avro verify progress
#include "avro/record_reader.hpp"

#include <rapidjson/document.h>

#include "fuzz/fuzz.hpp"
#include "verify/data_point.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  const auto [schema, body] = fuzz::split_line(fuzz::text_of(data, size));
  auto written = avro::read_schema(schema);
  if (!written) {
    require(!written.error().context.empty());
    return 0;
  }
  const auto json = avro::record_reader(std::move(*written)).json(body);
  if (!json) {
    require(!json.error().context.empty());
    return 0;
  }
  rapidjson::Document whole;
  whole.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(json->data(), json->size());
  // An infinite double is 1e999, which JSON allows and this parser does not.
  require(whole.HasParseError() ? whole.GetParseError() == rapidjson::kParseErrorNumberTooBig : whole.IsObject());
  const auto* const key = "v1|NEM|5m|power|fueltech=wind,region=NSW1|2026-11-23T10:05:00+10:00";
  const auto point = read_data_point(key, *json, {"power", "energy"});
  require(point.has_value() || !point.error().context.empty());
  return 0;
}
