#include "registry/schema_lookup.hpp"

#include <boost/asio/io_context.hpp>
#include <memory>

#include "async/run_loop.hpp"
#include "registry/registry_client.hpp"

namespace oes {
namespace {

struct asker {
  boost::asio::io_context loop{1};
  registry_client client;
  explicit asker(const registry_settings& settings) : client(settings) {}
};

}  // namespace

std::function<result<std::optional<std::string>>(std::int32_t id)> schema_lookup(const registry_settings& settings) {
  if (settings.url.empty()) {
    return [](std::int32_t) -> result<std::optional<std::string>> {
      return error{errc::bad_config, "the records are Avro: schema_registry.url must be set to read them"};
    };
  }
  // Shared with the copies that std::function makes.
  return [one = std::make_shared<asker>(settings)](std::int32_t id) {
    one->loop.restart();
    return run_to_end(one->loop, "a question to the schema registry", one->client.schema_of(id));
  };
}

}  // namespace oes
