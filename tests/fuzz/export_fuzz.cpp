// `progress export`, with the right hash: what can be read is written again, and read again.
// Links: model operate progress files
#include "fuzz/fuzz.hpp"
#include "fuzz/hashed_json.hpp"
#include "operate/export_document.hpp"
#include "progress/progress_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  const auto read = read_export(fuzz::with_hash(fuzz::text_of(data, size)));
  if (!read) {
    require(!read.error().context.empty());
    return 0;
  }
  const auto again = read_export(write_export(*read, *parse_utc("2026-11-23T00:00:00Z")));
  require(again.has_value());
  require(hash_of(again->snapshot.state) == hash_of(read->snapshot.state) && again->ledger == read->ledger);
  return 0;
}
