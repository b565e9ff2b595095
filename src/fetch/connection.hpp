#pragma once
// One connection to the API's host, plain or TLS; opened whole or not at all.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <variant>

#include "async/clock.hpp"
#include "fetch/base_url.hpp"
#include "fetch/resolve.hpp"
#include "fetch/tls.hpp"
#include "model/proxy_address.hpp"

namespace oes {

using time_limit = steady_time;

struct connection {
  std::variant<plain_stream, tls_stream> stream;
  time_limit idle_since;

  explicit connection(plain_stream&& plain) : stream(std::move(plain)) {}
  explicit connection(tls_stream&& tls) : stream(std::move(tls)) {}
  plain_stream& transport();
};

/// Where connections go and how.
struct connect_target {
  base_url url;
  std::unique_ptr<boost::asio::ssl::context> tls;  ///< null: plain http
  lookup_function lookup = system_lookup;
  std::optional<proxy_address> proxy = {};
};

/// Resolve, connect (each address gets its share of the time left), the way through the proxy, TLS handshake. `target`
/// must outlive the wait. Errors: unreachable, stopped.
boost::asio::awaitable<result<std::unique_ptr<connection>>> open_connection(const connect_target& target,
                                                                            time_limit deadline);

/// Whether an idle connection may carry another request: open, silent and not so old that a middlebox forgot it.
bool is_usable(connection& idle, steady_time now);

}  // namespace oes
