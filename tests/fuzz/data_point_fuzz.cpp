// A record of a data topic, key in the first line: a point of ours or not; its number can be hashed for the ledger.
// Links: model records verify progress
#include "fuzz/fuzz.hpp"
#include "records/value_hash.hpp"
#include "verify/data_point.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  const auto [key, value] = fuzz::split_line(fuzz::text_of(data, size));
  const auto point = read_data_point(key, value, {"power", "energy"});
  if (!point) {
    fuzz::require(!point.error().context.empty());
    return 0;
  }
  fuzz::require(value_hash(point->number) != 0);
  return 0;
}
