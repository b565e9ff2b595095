// Durations, sizes, times of day, numbers and re-reads as people write them.
// Links: model config
#include "config/quantity.hpp"
#include "config/re_read_text.hpp"
#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  const auto text = fuzz::text_of(data, size);
  if (const auto span = parse_duration(text)) {
    require(span->count() >= 0 && parse_duration(format_duration(*span)) == span);
  }
  if (const auto bytes = parse_size(text)) require(*bytes >= 0 && parse_size(format_size(*bytes)) == bytes);
  if (const auto time = parse_time_of_day(text)) require(parse_time_of_day(format_time_of_day(*time)) == time);
  if (const auto number = parse_number(text)) require(parse_number(format_number(*number)) == number);
  static_cast<void>(parse_integer(text));
  require(parse_re_read(text).has_value() == check_re_read(std::string(text)).empty());
  return 0;
}
