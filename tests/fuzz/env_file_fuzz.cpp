// An environment file: one line of a fault with its place, or names that go before those of the process.
// Links: model config
#include "config/env_file.hpp"

#include "fuzz/fuzz.hpp"
#include "model/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  const auto read = with_env_text(fuzz::text_of(data, size), "f.env",
                                  [](const std::string&) { return std::optional<std::string>("outer"); });
  if (!read) {
    const auto& told = read.error().context;
    require(told.starts_with("f.env:") && told.find('\n') == std::string::npos);
    return 0;
  }
  const auto key = (*read)("OPENELECTRICITY_API_KEY");
  require(key.has_value() && !fault_of_text(*key));
  require((*read)("no name") == "outer");
  return 0;
}
