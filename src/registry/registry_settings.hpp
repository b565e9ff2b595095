#pragma once
// How the schema registry is reached.
#include <chrono>
#include <optional>
#include <string>

#include "model/proxy_address.hpp"

namespace oes {

struct registry_settings {
  std::string url;       ///< with the path of Confluent's API, where it has one; empty: there is no registry
  std::string username;  ///< empty: no login
  std::string password;
  std::string ca_file;                 ///< PEM; empty: the system's trust store
  std::optional<proxy_address> proxy;  ///< of https alone
  bool auto_register = true;
  std::chrono::milliseconds timeout = std::chrono::seconds(10);
  bool operator==(const registry_settings&) const = default;
};

}  // namespace oes
