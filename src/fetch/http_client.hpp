#pragma once
// Questions over HTTP/1.1 keep-alive. Follows no redirect, never falls back to plain text, gives no meaning to a
// status.
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "fetch/base_url.hpp"
#include "fetch/fetch_settings.hpp"
#include "fetch/http_reply.hpp"
#include "fetch/resolve.hpp"

namespace oes {

/// The text of a GET with this client's headers (RFC 9112 §3). `api_key` empty: none is sent.
std::string request_text(const std::string& target, const base_url& url, const std::string& api_key,
                         const fetch_settings& settings);

/// A question of another kind than the API's.
struct client_question {
  std::string method = "GET";
  std::string target;
  std::string authorization = {};  ///< the header's value; empty: none
  std::string content_type = {};   ///< of `body`
  std::string accept = {};
  std::string body = {};
};
std::string request_text(const client_question& asked, const base_url& url);

/// One thread; several requests at a time, each on a connection of its own, at most four.
class http_client {
 public:
  /// Throws failure (bad_config) when settings.ca_file cannot be used.
  http_client(const fetch_settings& settings, base_url url, lookup_function lookup = system_lookup);
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Errors: unreachable, network_error, timed_out, too_large, server_error, stopped.
  /// A kept connection that turns out closed before an answer began is replaced once, unnoticed.
  boost::asio::awaitable<result<http_reply>> get(std::string target, std::string api_key = {});
  /// The same. Only what may be asked twice: a kept connection may be closed before or after the question.
  boost::asio::awaitable<result<http_reply>> send(client_question asked);
  /// Name, connection, proxy and TLS, without a request. Errors as of get().
  boost::asio::awaitable<result<void>> try_to_connect();

 private:
  boost::asio::awaitable<result<http_reply>> ask(std::string text);
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

}  // namespace oes
