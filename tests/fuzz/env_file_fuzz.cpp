// An environment file: one line of a fault with its place, or names that go before those of the process.
// Links: model config
#include "config/env_file.hpp"

#include <algorithm>

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
  for (const auto& warning : read->left_out) {
    require(warning.line > 0 && !fault_of_text(describe(warning)));
  }
  const auto key = read->env("OPENELECTRICITY_API_KEY");
  require(key.has_value() && is_utf8(*key));
  require(std::none_of(key->begin(), key->end(), [](unsigned char c) { return c == '\r' || c == 0x1b || c == 0x7f; }));
  require(read->env("no name") == "outer");
  return 0;
}
