#pragma once
// What the telemetry room can be told.
#include <cstdint>
#include <string>
#include <vector>

namespace oes {

struct telemetry_settings {
  bool http_enabled = true;
  std::string http_address = "127.0.0.1";
  std::uint16_t http_port = 9464;
  std::vector<std::string> http_hosts{};  ///< names by which it is reached, beside its addresses and this host's name
  std::string log_level = "info";         ///< trace debug info warn error
  std::string log_format = "text";        ///< text, json
};

}  // namespace oes
