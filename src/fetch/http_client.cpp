#include "fetch/http_client.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "async/clock.hpp"
#include "fetch/connection_pool.hpp"
#include "fetch/exchange.hpp"
#include "model/version.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

/// The API allows at most ten requests a second, and large answers should not crowd each other out of memory.
constexpr std::size_t most_connections = 4;

connect_target target_of(const fetch_settings& settings, base_url url, lookup_function lookup) {
  connect_target out{std::move(url), nullptr, std::move(lookup)};
  if (out.url.scheme == url_scheme::http) return out;
  out.tls = make_tls_context(settings.ca_file);
  out.proxy = settings.proxy;
  return out;
}

}  // namespace

std::string request_text(const std::string& target, const base_url& url, const std::string& api_key,
                         const fetch_settings& settings) {
  std::string out = "GET " + target + " HTTP/1.1\r\nHost: " + host_header(url) + "\r\n";
  if (!api_key.empty()) out += "Authorization: Bearer " + api_key + "\r\n";
  out.append("Accept: application/json\r\nUser-Agent: openelectricity-stream/").append(version()).append("\r\n");
  // The server keeps answers for five minutes, per worker (api.md §5); a poll that is rationed wants the newest.
  out += "Cache-Control: no-cache\r\n";
  out += settings.gzip ? "Accept-Encoding: gzip\r\n\r\n" : "Accept-Encoding: identity\r\n\r\n";
  return out;
}

std::string request_text(const client_question& asked, const base_url& url) {
  std::string out = asked.method + " " + asked.target + " HTTP/1.1\r\nHost: " + host_header(url) + "\r\n";
  const auto add = [&out](std::string_view name, std::string_view value) {
    if (!value.empty()) out.append(name).append(": ").append(value).append("\r\n");
  };
  add("Authorization", asked.authorization);
  add("Accept", asked.accept);
  add("User-Agent", "openelectricity-stream/" + std::string(version()));
  add("Content-Type", asked.content_type);
  if (!asked.content_type.empty()) add("Content-Length", std::to_string(asked.body.size()));
  return out + "\r\n" + asked.body;
}

struct http_client::machinery {
  fetch_settings settings;
  connect_target target;
  std::shared_ptr<connection_pool> pool = std::make_shared<connection_pool>(most_connections);

  machinery(const fetch_settings& s, base_url url, lookup_function lookup)
      : settings(s), target(target_of(s, std::move(url), std::move(lookup))) {}

  asio::awaitable<result<http_reply>> ask(std::string text);
  [[nodiscard]] exchange_limits limits(time_limit complete_by) const {
    return {steady_now() + settings.first_byte_timeout,
            complete_by,
            settings.max_header_bytes,
            {settings.max_body_bytes, settings.max_inflated_bytes}};
  }
  asio::awaitable<result<std::unique_ptr<connection>>> open_one(time_limit complete_by) const {
    return open_connection(target, std::min(steady_now() + settings.connect_timeout, complete_by));
  }
};

http_client::http_client(const fetch_settings& settings, base_url url, lookup_function lookup)
    : machinery_(std::make_unique<machinery>(settings, std::move(url), std::move(lookup))) {}

http_client::~http_client() = default;

asio::awaitable<result<http_reply>> http_client::get(std::string target, std::string api_key) {
  auto text = request_text(target, machinery_->target.url, api_key, machinery_->settings);
  auto reply = co_await ask(std::move(text));
  co_return std::move(reply);
}

asio::awaitable<result<http_reply>> http_client::send(client_question asked) {
  auto text = request_text(asked, machinery_->target.url);
  auto reply = co_await ask(std::move(text));
  co_return std::move(reply);
}

asio::awaitable<result<http_reply>> http_client::ask(std::string text) {
  try {
    auto reply = co_await machinery_->ask(std::move(text));
    co_return std::move(reply);
  } catch (const boost::system::system_error& thrown) {
    // Asio throws where a cancellation came between two waits.
    if (thrown.code() != asio::error::operation_aborted) throw;
  }
  co_return error{errc::stopped, "stopped"};
}

asio::awaitable<result<void>> http_client::try_to_connect() {
  auto opened = co_await machinery_->open_one(steady_now() + machinery_->settings.total_timeout);
  if (opened.has_error()) co_return opened.error();
  co_return result<void>();
}

asio::awaitable<result<http_reply>> http_client::machinery::ask(std::string text) {
  auto slot = co_await pool->acquire(steady_now() + settings.total_timeout);
  if (slot.has_error()) co_return slot.error();
  const auto complete_by = steady_now() + settings.total_timeout;
  for (bool may_reuse = true;; may_reuse = false) {
    auto open = may_reuse ? slot->take_idle() : nullptr;
    const bool reused = open != nullptr;
    if (!reused) {
      auto opened = co_await open_one(complete_by);
      if (opened.has_error()) co_return opened.error();
      open = std::move(*opened);
    }
    const auto allowed = limits(complete_by);
    auto outcome = co_await exchange(*open, text, allowed);
    if (outcome.reusable) slot->keep(std::move(open));
    const bool stale = reused && !outcome.answer_begun && outcome.reply.has_error() &&
                       outcome.reply.error().code == errc::network_error;
    if (!stale) co_return std::move(outcome.reply);
    slot->drop_idle();  // it may be asked again; this time on a new connection
  }
}

}  // namespace oes
