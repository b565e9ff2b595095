#include "fetch/base_url.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>

#include "model/utf8.hpp"

namespace oes {
namespace {

error bad(std::string_view why) { return {errc::bad_config, std::string(why)}; }

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_path_char(char c) {
  return c > ' ' && c < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (fault != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

bool is_ipv6(std::string_view text) {
  boost::system::error_code fault;
  boost::asio::ip::make_address_v6(std::string(text), fault);
  return !fault;
}

/// Takes the scheme off the front of `rest`.
result<url_scheme> take_scheme(std::string_view& rest) {
  const auto at = rest.find("://");
  if (at == std::string_view::npos) return url_scheme::https;
  const std::string scheme = ascii_lower(rest.substr(0, at));
  rest.remove_prefix(at + 3);
  if (scheme == "https") return url_scheme::https;
  if (scheme == "http") return url_scheme::http;
  return bad("only https:// and http:// are understood");
}

/// Splits `host[:port]` and checks both.
result<void> read_authority(std::string_view text, base_url& url) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return bad("the IPv6 address has no closing bracket");
    url.host = ascii_lower(text.substr(1, close - 1));
    port = text.substr(close + 1);
    if (!is_ipv6(url.host)) return bad("not an IPv6 address between the brackets");
  } else {
    const auto colon = text.find(':');
    url.host = ascii_lower(text.substr(0, colon));
    port = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
    if (url.host.empty()) return bad("the host is missing");
    if (!std::all_of(url.host.begin(), url.host.end(), is_host_char)) return bad("not a host name");
  }
  url.port = url.scheme == url_scheme::https ? 443 : 80;
  if (port.empty()) return {};
  const auto number = port.front() == ':' ? parse_port(port.substr(1)) : std::nullopt;
  if (!number) return bad("the port must be a number from 1 to 65535");
  url.port = *number;
  return {};
}

}  // namespace

result<base_url> parse_base_url(std::string_view text) {
  base_url url;
  const auto scheme = take_scheme(text);
  if (scheme.has_error()) return scheme.error();
  url.scheme = *scheme;
  if (text.find_first_of("?#") != std::string_view::npos) return bad("a query or fragment has no place in it");
  const auto slash = std::min(text.find('/'), text.size());
  const auto host_and_port = text.substr(0, slash);
  if (host_and_port.find('@') != std::string_view::npos)
    return bad("a user name or password has no place in it; the key goes into api_key");
  const auto understood = read_authority(host_and_port, url);
  if (understood.has_error()) return understood.error();
  url.path = std::string(text.substr(slash));
  while (url.path.ends_with('/')) url.path.pop_back();
  if (!std::all_of(url.path.begin(), url.path.end(), is_path_char))
    return bad("the path holds a character to be encoded");
  return url;
}

std::string fault_of_url(const std::string& text) {
  const auto url = parse_base_url(text);
  return url ? "" : url.error().context;
}

std::string host_header(const base_url& url) {
  const bool own_port = url.port == (url.scheme == url_scheme::https ? 443 : 80);
  const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  return own_port ? host : host + ":" + std::to_string(url.port);
}

std::string host_and_port(const base_url& url) {
  const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  return host + ":" + std::to_string(url.port);
}

bool is_loopback(const base_url& url) {
  if (url.host == "localhost" || url.host.ends_with(".localhost")) return true;
  boost::system::error_code fault;
  const auto address = boost::asio::ip::make_address(url.host, fault);
  return !fault && address.is_loopback();
}

}  // namespace oes
