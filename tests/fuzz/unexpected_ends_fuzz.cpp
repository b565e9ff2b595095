// The file in which dying processes leave what they were at work on: what is read of it is written again, and read
// again. Links: model progress files
#include "progress/unexpected_ends.hpp"

#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  const auto ends = unexpected_ends_in(fuzz::text_of(data, size));
  for (const auto& one : ends) fuzz::require(!one.of.stream.empty());
  fuzz::require(unexpected_ends_in(text_of(ends)) == ends);
  return 0;
}
