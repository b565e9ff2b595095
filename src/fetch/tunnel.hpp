#pragma once
// A way through an HTTP proxy: CONNECT (RFC 9110 §9.3.6), with Basic authentication (RFC 7617) where it has a user.
#include <boost/asio/awaitable.hpp>

#include "async/clock.hpp"
#include "fetch/base_url.hpp"
#include "fetch/tls.hpp"
#include "model/proxy_address.hpp"

namespace oes {

/// The request that opens the way to `url`; pure.
std::string connect_text(const proxy_address& proxy, const base_url& url);

/// `open`, connected to the proxy, carries the API's bytes afterwards. It and what is referred to must outlive the
/// wait. Errors, each naming the proxy and never its password: unreachable, stopped.
boost::asio::awaitable<result<void>> open_tunnel(plain_stream& open, const proxy_address& proxy, const base_url& url,
                                                 steady_time deadline);

}  // namespace oes
