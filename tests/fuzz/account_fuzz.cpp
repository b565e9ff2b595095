// `/me`: read leniently, so that nothing in it but another shape altogether is an error; numbers never overflow.
// Links: model decode
#include "decode/decode.hpp"
#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = oes::decode_account(oes::fuzz::text_of(data, size));
  if (!read) oes::fuzz::require(!read.error().context.empty());
  return 0;
}
