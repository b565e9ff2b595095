// Dates of all spellings: what is read, is written so that it is read again as the same.
// Links: model fetch
#include "fetch/retry_after.hpp"
#include "fuzz/fuzz.hpp"
#include "model/time.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  const auto text = fuzz::text_of(data, size);
  const auto now = *parse_utc("2026-11-23T00:00:00Z");
  if (const auto read = parse_network_time(text)) require(parse_network_time(format(*read)) == read);
  if (const auto read = parse_offset_time(text)) {
    const auto again = parse_offset_time(format(read->local, read->offset));
    require(again.has_value() && again->local == read->local && again->offset == read->offset);
  }
  if (const auto read = parse_utc(text)) {
    const auto again = parse_utc(format_utc(*read));
    require(again.has_value() && std::chrono::abs(*again - *read) < std::chrono::milliseconds(1));
  }
  if (const auto date = parse_http_date(text, now)) static_cast<void>(format_utc_seconds(*date));
  return 0;
}
