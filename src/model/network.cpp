#include "model/network.hpp"

namespace oes {

std::string_view code(network n) {
  switch (n) {
    case network::nem:
      return "NEM";
    case network::wem:
      return "WEM";
    case network::au:
      return "AU";
  }
  return "";
}

std::optional<network> parse_network(std::string_view text) {
  for (const auto n : {network::nem, network::wem, network::au}) {
    if (text == code(n)) return n;
  }
  return std::nullopt;
}

std::chrono::minutes utc_offset(network n) {
  switch (n) {
    case network::nem:
    case network::au:
      return std::chrono::hours(10);
    case network::wem:
      return std::chrono::hours(8);
  }
  return {};
}

network_time to_network_time(utc_time t, network n) {
  return network_time(std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()) + utc_offset(n));
}

utc_time to_utc(network_time t, network n) { return utc_time(t.time_since_epoch() - utc_offset(n)); }

std::optional<network_time> read_typed_time(const std::string& text, network n) {
  constexpr std::size_t date_only = 10;
  const auto whole = text.size() == date_only ? text + "T00:00:00" : text;
  if (const auto naive = parse_network_time(whole)) return naive;
  const auto instant = parse_utc(whole);
  if (!instant) return std::nullopt;
  return to_network_time(*instant, n);
}

}  // namespace oes
