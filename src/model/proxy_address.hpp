#pragma once
// An HTTP proxy between us and the API.
#include <cstdint>
#include <string>
#include <string_view>

#include "model/error.hpp"

namespace oes {

struct proxy_address {
  std::string host;  ///< an IPv6 literal without its brackets
  std::uint16_t port = 80;
  std::string user;      ///< empty: it asks for none
  std::string password;  ///< a secret
  std::string named_by;  ///< the key or variable that named it, for messages
  bool operator==(const proxy_address&) const = default;
};

/// `http://[user:password@]host[:port]`, the scheme may be left out; `%40` stands for `@` in user and password. Without
/// a port 80, as curl's environment has it for http. Error: bad_config, which never repeats the text.
result<proxy_address> parse_proxy_address(std::string_view text);
/// `host:port`
std::string text_of(const proxy_address& proxy);
/// The text with what stands for user and password replaced by `mark`.
std::string without_login(std::string_view text, std::string_view mark);

}  // namespace oes
