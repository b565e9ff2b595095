#pragma once
// One request and its whole answer on an open connection (RFC 9112).
#include <boost/asio/awaitable.hpp>
#include <string>

#include "fetch/body_sink.hpp"
#include "fetch/connection.hpp"
#include "fetch/http_reply.hpp"

namespace oes {

struct exchange_limits {
  time_limit first_byte_by;
  time_limit complete_by;
  std::size_t header = 0;  ///< bytes
  body_caps body;
};

struct exchange_outcome {
  result<http_reply> reply;
  bool answer_begun = false;  ///< a byte of an answer arrived
  bool reusable = false;      ///< the connection may carry another request
};

/// `request` is the request's whole text. `open` must outlive the wait.
/// Errors: network_error, timed_out, too_large, server_error, stopped.
boost::asio::awaitable<exchange_outcome> exchange(connection& open, std::string request, exchange_limits limits);

}  // namespace oes
