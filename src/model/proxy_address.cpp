#include "model/proxy_address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace oes {
namespace {

constexpr std::string_view understood = "it must be http://host:port or http://user:password@host:port";

error bad(std::string_view why) { return {errc::bad_config, std::string(why)}; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// nullopt: a `%` without two digits, or a control character.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
      if (low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    out += c;
  }
  return out;
}

bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  });
}

bool is_bracketed(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

// Where the address begins after `user:password@`; the last `@`, since people write passwords as they are.
std::size_t begin_of_address(std::string_view authority) {
  const auto at = authority.rfind('@');
  return at == std::string_view::npos ? 0 : at + 1;
}

std::size_t begin_of_authority(std::string_view text) {
  const auto scheme = text.find("://");
  return scheme == std::string_view::npos ? 0 : scheme + 3;
}

}  // namespace

result<proxy_address> parse_proxy_address(std::string_view text) {
  const auto begin = begin_of_authority(text);
  std::string scheme(text.substr(0, begin));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  if (!scheme.empty() && scheme != "http://") {
    return bad(
        "only http:// proxies are understood, not socks or https; the API is reached through them by CONNECT, "
        "encrypted "
        "to its end");
  }
  auto authority = text.substr(begin);
  if (authority.ends_with('/')) authority.remove_suffix(1);
  const auto address_at = begin_of_address(authority);
  auto address = authority.substr(address_at);
  proxy_address out;
  if (address_at > 0) {
    const auto login = authority.substr(0, address_at - 1);
    const auto colon = login.find(':');
    auto user = decoded(login.substr(0, colon));
    auto password = decoded(colon == std::string_view::npos ? std::string_view() : login.substr(colon + 1));
    if (!user || !password || user->empty()) return bad("user and password cannot be read; write % as %25 in them");
    out.user = std::move(*user);
    out.password = std::move(*password);
  }
  const auto bracket = address.starts_with('[') ? address.find(']') : std::string_view::npos;
  const auto host_end = bracket != std::string_view::npos ? bracket + 1 : std::min(address.find(':'), address.size());
  const bool bracketed = bracket != std::string_view::npos;
  out.host = std::string(bracketed ? address.substr(1, bracket - 1) : address.substr(0, host_end));
  if (bracketed ? !is_bracketed(out.host) : !is_host(out.host)) return bad(understood);
  auto port = address.substr(host_end);
  if (port.empty()) return out;
  port.remove_prefix(1);
  const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (address[host_end] != ':' || fault != std::errc() || end != port.data() + port.size() || out.port == 0) {
    return bad(understood);
  }
  return out;
}

std::string text_of(const proxy_address& proxy) {
  const bool literal = proxy.host.find(':') != std::string::npos;
  return (literal ? "[" + proxy.host + "]" : proxy.host) + ":" + std::to_string(proxy.port);
}

std::string without_login(std::string_view text, std::string_view mark) {
  const auto begin = begin_of_authority(text);
  const auto address_at = begin_of_address(text.substr(begin));
  std::string out(text);
  if (address_at > 0) out.replace(begin, address_at - 1, mark);
  return out;
}

}  // namespace oes
