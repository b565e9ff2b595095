// progress.json, with the right hash: what can be read is written again, and read again.
// Links: model progress files
#include "fuzz/fuzz.hpp"
#include "fuzz/hashed_json.hpp"
#include "progress/progress_codec.hpp"
#include "progress/progress_file_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  const auto input = fuzz::text_of(data, size);
  static_cast<void>(read_progress_text(input));
  const auto read = read_progress_text(fuzz::with_hash(input));
  if (!read) {
    require(!read.error().context.empty());
    return 0;
  }
  if (!read->snapshot) return 0;
  const auto again = read_progress_text(write_progress_text(*read->snapshot, read->delivery));
  require(again.has_value() && again->snapshot.has_value());
  require(hash_of(again->snapshot->state) == hash_of(read->snapshot->state));
  return 0;
}
