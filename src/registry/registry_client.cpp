#include "registry/registry_client.hpp"

#include <optional>
#include <utility>

#include "fetch/base_url.hpp"
#include "fetch/http_client.hpp"
#include "fetch/request_target.hpp"
#include "model/redactor.hpp"
#include "registry/base64.hpp"
#include "registry/registry_answer.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto content_type = "application/vnd.schemaregistry.v1+json";
constexpr std::size_t largest_answer = 1024UL * 1024;

fetch_settings fetch_settings_of(const registry_settings& settings) {
  fetch_settings out;
  out.base_url = settings.url;
  out.ca_file = settings.ca_file;
  out.proxy = settings.proxy;
  out.connect_timeout = settings.timeout;
  out.first_byte_timeout = settings.timeout;
  out.total_timeout = settings.timeout;
  out.max_body_bytes = largest_answer;
  out.max_inflated_bytes = largest_answer;
  out.gzip = false;
  return out;
}

}  // namespace

struct registry_client::machinery {
  std::string address;
  std::string authorization;
  redactor secrets{{}, redactor::finds::whole};
  std::string prefix;
  std::optional<http_client> client;
  std::string unusable;

  machinery(const registry_settings& settings, lookup_function lookup) : address(shown_address(settings)) {
    secrets.add(settings.password);
    if (!settings.username.empty()) authorization = "Basic " + base64(settings.username + ":" + settings.password);
    auto url = parse_base_url(settings.url);
    if (!url) {
      unusable = url.error().context;
      return;
    }
    prefix = url->path;
    try {
      client.emplace(fetch_settings_of(settings), std::move(*url), std::move(lookup));
    } catch (const failure& why) {
      unusable = why.what();
    }
  }

  [[nodiscard]] error about(error why) const {
    if (why.code != errc::stopped) why.context = "schema registry " + address + ": " + why.context;
    return why;
  }

  asio::awaitable<result<http_reply>> ask(client_question asked) {
    if (!client) co_return error{errc::unreachable, unusable};
    asked.target = prefix + asked.target;
    asked.authorization = authorization;
    asked.accept = content_type;
    auto reply = co_await client->send(std::move(asked));
    co_return std::move(reply);
  }

  asio::awaitable<result<std::optional<std::int32_t>>> ask_for_id(std::string path, std::string schema) {
    client_question asked;
    asked.method = "POST";
    asked.target = std::move(path);
    asked.content_type = content_type;
    asked.body = schema_document(schema);
    auto reply = co_await ask(std::move(asked));
    if (!reply) co_return about(reply.error());
    auto id = id_in(reply->status, reply->body, secrets);
    if (!id) co_return about(id.error());
    co_return *id;
  }
};

registry_client::registry_client(const registry_settings& settings, lookup_function lookup)
    : machinery_(std::make_unique<machinery>(settings, std::move(lookup))) {}
registry_client::~registry_client() = default;
registry_client::registry_client(registry_client&&) noexcept = default;
registry_client& registry_client::operator=(registry_client&&) noexcept = default;

asio::awaitable<result<std::optional<std::int32_t>>> registry_client::find(std::string subject, std::string schema) {
  // Apicurio compares texts unless it is asked to compare schemas: one that a person has registered may have blanks.
  const auto path = "/subjects/" + percent_encoded(subject);
  for (const std::string how : {"", "?normalize=true"}) {
    auto found = co_await machinery_->ask_for_id(path + how, schema);
    if (!found || *found) co_return found;
  }
  co_return std::optional<std::int32_t>();
}

asio::awaitable<result<std::int32_t>> registry_client::add(std::string subject, std::string schema) {
  auto path = "/subjects/" + percent_encoded(subject) + "/versions";
  auto added = co_await machinery_->ask_for_id(std::move(path), std::move(schema));
  if (!added) co_return added.error();
  if (!*added) co_return machinery_->about({errc::malformed, "it does not take a schema for subject " + subject});
  co_return **added;
}

asio::awaitable<result<std::optional<std::string>>> registry_client::schema_of(std::int32_t id) {
  client_question asked;
  asked.target = "/schemas/ids/" + std::to_string(id);
  auto reply = co_await machinery_->ask(std::move(asked));
  if (!reply) co_return machinery_->about(reply.error());
  auto schema = schema_in(reply->status, reply->body, machinery_->secrets);
  if (!schema) co_return machinery_->about(schema.error());
  co_return std::move(*schema);
}

std::string fault_of_registry(const registry_settings& settings) {
  const auto url = parse_base_url(settings.url);
  if (!url) return url.error().context;
  try {
    const http_client trial(fetch_settings_of(settings), *url);
    return {};
  } catch (const failure& why) {
    return why.what();
  }
}

std::string shown_address(const registry_settings& settings) {
  const auto url = parse_base_url(settings.url);
  if (!url) return "(no usable address)";
  return (url->scheme == url_scheme::https ? "https://" : "http://") + host_and_port(*url) + url->path;
}

}  // namespace oes
