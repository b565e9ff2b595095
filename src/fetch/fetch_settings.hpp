#pragma once
// What the fetch room can be told.
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "model/proxy_address.hpp"

namespace oes {

struct fetch_settings {
  std::string base_url = "https://api.openelectricity.org.au/v4";  ///< http:// is accepted for loopback and tests
  std::string api_key;                                             ///< empty: anonymous (COMMUNITY limits)
  std::string api_key_file;                                        ///< where api_key was read, if it was
  std::string ca_file;                                             ///< PEM; empty: the system's trust store
  std::optional<proxy_address> proxy;                              ///< of https alone
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  /// A large answer takes 10 s to begin, and the server itself gives up at 90 s (api.md §7, §9).
  std::chrono::milliseconds first_byte_timeout = std::chrono::seconds(120);
  std::chrono::milliseconds total_timeout = std::chrono::seconds(300);
  std::size_t max_header_bytes = 64UL * 1024;
  std::size_t max_body_bytes = 64UL * 1024 * 1024;      ///< as transferred
  std::size_t max_inflated_bytes = 64UL * 1024 * 1024;  ///< after gzip
  bool gzip = true;
  bool operator==(const fetch_settings&) const = default;
};

}  // namespace oes
