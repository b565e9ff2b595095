// The API's address: its parts are clean, and an error never repeats what may be a password.
// Links: model config fetch
#include "config/text_checks.hpp"
#include "fetch/base_url.hpp"
#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  const auto text = fuzz::text_of(data, size);
  const auto url = parse_base_url(text);
  if (!url) {
    require(!url.error().context.empty());
  } else {
    require(!url->host.empty() && url->port != 0 && (url->path.empty() || url->path.front() == '/'));
    for (const char c : host_header(*url)) require(c > ' ' && c != 0x7f);
    for (const char c : url->path) require(c > ' ' && c != 0x7f && c != '#' && c != '?');
    static_cast<void>(is_loopback(*url));
    static_cast<void>(authority(*url));
  }
  static_cast<void>(check_base_url(std::string(text)));
  static_cast<void>(check_bootstrap_server(std::string(text)));
  static_cast<void>(check_listen_address(std::string(text)));
  return 0;
}
