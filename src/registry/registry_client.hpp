#pragma once
// A schema registry, asked by Confluent's API, which Apicurio and Karapace speak too.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "fetch/resolve.hpp"
#include "model/error.hpp"
#include "registry/registry_settings.hpp"

namespace oes {

/// Errors of all its questions: rejected, it was asked and says no (of add(): the schema does not fit those that are
/// there); stopped; every other code: no answer that could be used, and it is worth asking again.
class registry_client {
 public:
  /// Never throws: where address or certificates cannot be used, every question ends with that reason.
  explicit registry_client(const registry_settings& settings, lookup_function lookup = system_lookup);
  ~registry_client();
  registry_client(registry_client&&) noexcept;
  registry_client& operator=(registry_client&&) noexcept;

  /// The id of a schema under a subject; nullopt: it is not there.
  boost::asio::awaitable<result<std::optional<std::int32_t>>> find(std::string subject, std::string schema);
  /// Registers it, or finds it registered.
  boost::asio::awaitable<result<std::int32_t>> add(std::string subject, std::string schema);
  /// nullopt: no such id.
  boost::asio::awaitable<result<std::optional<std::string>>> schema_of(std::int32_t id);

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

/// What keeps settings from being used, before anything is asked; empty: nothing.
std::string fault_of_registry(const registry_settings& settings);

/// `https://registry.example/path` for messages; never user or password.
std::string shown_address(const registry_settings& settings);

}  // namespace oes
