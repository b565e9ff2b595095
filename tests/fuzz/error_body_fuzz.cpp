// An error's body: at most one short line comes of it.
// Links: model decode
#include "decode/decode.hpp"
#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = oes::error_text(oes::fuzz::text_of(data, size));
  oes::fuzz::require(text.size() <= 2000 && text.find('\n') == std::string::npos &&
                     text.find('\0') == std::string::npos);
  return 0;
}
