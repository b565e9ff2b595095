// The list of facilities: an error with a reason, or units of which each has its codes.
// Links: model decode
#include "decode/decode.hpp"
#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using oes::fuzz::require;
  const auto list = oes::decode_facilities(std::string(oes::fuzz::text_of(data, size)));
  if (!list) {
    require(!list.error().context.empty());
    return 0;
  }
  require(!list->units.empty());
  for (const auto& unit : list->units) require(!unit.unit_code.empty() && !unit.facility_code.empty());
  return 0;
}
