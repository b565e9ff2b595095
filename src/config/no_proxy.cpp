#include "config/no_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace oes {
namespace {

struct address {
  std::array<unsigned char, 16> bytes{};
  int bits = 0;  ///< 32 or 128
};

std::optional<address> parse_address(const std::string& text) {
  address out;
  out.bits = 32;
  if (inet_pton(AF_INET, text.c_str(), out.bytes.data()) == 1) return out;
  out.bits = 128;
  if (inet_pton(AF_INET6, text.c_str(), out.bytes.data()) == 1) return out;
  return std::nullopt;
}

bool same_begin(const address& one, const address& other, int bits) {
  if (one.bits != other.bits || bits > one.bits) return false;
  for (int bit = 0; bit < bits; ++bit) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if ((one.bytes[at] & mask) != (other.bytes[at] & mask)) return false;
  }
  return true;
}

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
  Number out{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::string trimmed_and_lower(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  std::string out(text.substr(first, text.find_last_not_of(" \t") - first + 1));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

bool names_network(const std::string& entry, const address& host) {
  const auto slash = entry.find('/');
  const auto network = parse_address(entry.substr(0, slash));
  if (!network) return false;
  if (slash == std::string::npos) return same_begin(*network, host, host.bits);
  const auto bits = parse_whole<int>(std::string_view(entry).substr(slash + 1));
  return bits && *bits >= 0 && same_begin(*network, host, *bits);
}

bool names_name(std::string_view entry, std::string_view host) {
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (!host.ends_with(entry)) return false;
  const auto before = host.substr(0, host.size() - entry.size());
  return entry.starts_with('.') ? !before.empty() : before.empty() || before.ends_with('.');
}

// `name:443`, `[::1]:443`, `10.0.0.1:443` → without the port, and the port. An IPv6 literal has colons of its own.
std::optional<std::uint16_t> take_port(std::string& entry) {
  const auto colon = entry.rfind(':');
  const bool literal = entry.find(':') != colon && !entry.starts_with('[');
  std::optional<std::uint16_t> port;
  if (colon != std::string::npos && !literal && entry.find(']', colon) == std::string::npos) {
    port = parse_whole<std::uint16_t>(std::string_view(entry).substr(colon + 1));
    if (port) entry.resize(colon);
  }
  if (entry.starts_with('[') && entry.ends_with(']')) {
    entry.pop_back();
    entry.erase(0, 1);
  }
  return port;
}

bool names(std::string entry, const std::string& host, std::uint16_t port) {
  if (entry.empty()) return false;
  if (entry == "*") return true;
  const auto of_port = take_port(entry);
  if (of_port && *of_port != port) return false;
  if (const auto literal = parse_address(host)) return names_network(entry, *literal);
  return names_name(entry, host);
}

}  // namespace

bool is_named_by_no_proxy(std::string_view list, const std::string& host, std::uint16_t port) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (names(trimmed_and_lower(list.substr(0, comma)), host, port)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

}  // namespace oes
