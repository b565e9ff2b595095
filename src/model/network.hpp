#pragma once
// The three networks of the API and their clocks (api.md §4: fixed offsets, no daylight saving).
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "model/time.hpp"

namespace oes {

enum class network { nem, wem, au };

/// "NEM", "WEM", "AU": case-sensitive, as the API spells them.
std::string_view code(network n);
std::optional<network> parse_network(std::string_view text);
/// NEM and AU +10:00, WEM +08:00.
std::chrono::minutes utc_offset(network n);

network_time to_network_time(utc_time t, network n);
utc_time to_utc(network_time t, network n);

/// What a person types: `2026-11-23` or `2026-11-23T10:00:00` on the network's own clock, or a time with an offset.
std::optional<network_time> read_typed_time(const std::string& text, network n);

}  // namespace oes
