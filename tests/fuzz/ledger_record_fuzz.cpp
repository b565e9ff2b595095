// A row of the ledger as bytes: read, written and read again it is the same.
// Links: model progress files
#include "fuzz/fuzz.hpp"
#include "progress/ledger_codec.hpp"
#include "progress/progress_key.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  ledger_book book;
  const auto value = fuzz::text_of(data, size);
  const auto read = apply_ledger_record(book, {"ledger", "nem", "power", "2026-11-23T10:00:00"}, value);
  if (!read) {
    require(!read.error().context.empty());
    return 0;
  }
  const auto& image = book[{"nem", "power"}];
  ledger_update update{{"nem", "power"}, {}, {}, {}};
  for (const auto& [label, cells] : image.rows) update.rows.push_back({label, cells});
  ledger_book again;
  for (const auto& record : encode_ledger(update, *read)) {
    require(apply_ledger_record(again, *split_key(record.key), record.value).has_value());
  }
  require((again[{"nem", "power"}].rows == image.rows));
  return 0;
}
