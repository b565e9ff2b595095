#pragma once
// Two kinds of time that must not be mixed: instants (utc_time) and the API's labels (network_time, naive
// network-local).
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace oes {

/// An instant, microseconds since the Unix epoch.
using utc_time = std::chrono::sys_time<std::chrono::microseconds>;
/// A naive network-local time, the API's own clock; an instant only together with a network (network.hpp).
using network_time = std::chrono::local_seconds;

/// A label as the API writes it: the local time and the offset it states.
struct offset_time {
  network_time local;
  std::chrono::minutes offset{};
};

/// Parses `2026-11-23T10:05:00`, with optional fraction (cut off). No offset, no `Z`. nullopt on anything else.
std::optional<network_time> parse_network_time(std::string_view text);
/// Parses the same with a mandatory `Z` or `±HH:MM`.
std::optional<offset_time> parse_offset_time(std::string_view text);
/// Parses any ISO 8601 instant with offset or `Z`, microsecond precision.
std::optional<utc_time> parse_utc(std::string_view text);

/// `2026-11-23T10:05:00` (no offset).
std::string format(network_time t);
/// `2026-11-23T10:05:00+10:00`.
std::string format(network_time t, std::chrono::minutes offset);
/// `2026-11-23T00:05:00Z`, whole seconds.
std::string format_utc_seconds(utc_time t);
/// `2026-11-23T00:05:00.123Z`, milliseconds.
std::string format_utc(utc_time t);

}  // namespace oes
