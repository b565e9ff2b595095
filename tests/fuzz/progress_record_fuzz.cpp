// A record of the progress topic, key in the first line: folded in or refused; refused, it changes nothing.
// Links: model progress files
#include "fuzz/fuzz.hpp"
#include "progress/ledger_codec.hpp"
#include "progress/operator_reason.hpp"
#include "progress/progress_codec.hpp"

namespace {

using namespace oes;
using fuzz::require;

const member_key wind{"nem", "power"};

// Something to fold into: a claim, a dictionary and a row of the ledger.
void fill(progress_state& state, ledger_book& book) {
  const auto claim = encode_claim("one", "host", 1, 5, 7);
  require(apply_progress_record(state, book, claim.key, claim.value).has_value());
  ledger_update update{wind, {{0, {{"region", "NSW1"}}}}, {}, {}};
  update.rows.push_back({*parse_network_time("2026-11-23T10:00:00"), {{42, 0, 1}}});
  for (const auto& record : encode_ledger(update, 6)) {
    require(apply_progress_record(state, book, record.key, record.value).has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [key, value] = fuzz::split_line(fuzz::text_of(data, size));
  progress_state state;
  ledger_book book;
  fill(state, book);
  const auto before = hash_of(state);
  const auto ledger_before = book;
  const auto done = apply_progress_record(state, book, key, value);
  if (!done) {
    require(!done.error().context.empty());
    require(hash_of(state) == before && book == ledger_before);
  } else {
    require(state.sequence >= 6);
    static_cast<void>(hash_of(state));
    require(apply_progress_record(state, book, key, value).has_value());  // once more changes nothing that matters
  }
  static_cast<void>(decode_reason(key, value));
  return 0;
}
