// Retry-After: between nothing and a day. Date and Age, in two lines: a time, or none.
// Links: model fetch
#include "fetch/retry_after.hpp"
#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  const auto now = *parse_utc("2026-11-23T00:00:00Z");
  if (const auto wait = parse_retry_after(fuzz::text_of(data, size), now)) {
    fuzz::require(wait->count() >= 0 && *wait <= std::chrono::hours(24));
  }
  const auto [date, age] = fuzz::split_line(fuzz::text_of(data, size));
  static_cast<void>(parse_answer_time(date, age, now));
  return 0;
}
