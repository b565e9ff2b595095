#pragma once
// The API's address, taken apart once at start (RFC 3986, the part of it that an HTTP base needs).
#include <cstdint>
#include <string>
#include <string_view>

#include "model/error.hpp"

namespace oes {

enum class url_scheme { http, https };

struct base_url {
  url_scheme scheme = url_scheme::https;
  std::string host;  ///< lower case; an IPv6 literal without its brackets
  std::uint16_t port = 443;
  std::string path;  ///< prefix of every path: "" or "/v4", never with a slash at its end
  bool operator==(const base_url&) const = default;
};

/// `https://host[:port][/prefix]`; without a scheme https is meant. Error: bad_config, which never repeats credentials.
result<base_url> parse_base_url(std::string_view text);
/// Why an address cannot be used; empty: it can.
std::string fault_of_url(const std::string& text);
/// The Host header: brackets around IPv6, the port unless it is the scheme's own.
std::string host_header(const base_url& url);
/// `host:port` for messages.
std::string host_and_port(const base_url& url);
/// localhost, 127.0.0.0/8 or ::1: plain http gives nothing away there.
bool is_loopback(const base_url& url);

}  // namespace oes
