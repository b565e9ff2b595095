#pragma once
// TLS as this client wants it: 1.2 or newer, the peer's chain and name verified, no way round it.
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <string>

#include "model/error.hpp"

namespace oes {

using plain_stream = boost::beast::tcp_stream;
using tls_stream = boost::asio::ssl::stream<plain_stream>;

/// Throws failure (bad_config) when `ca_file` cannot be used. Empty: the system's trust store.
std::unique_ptr<boost::asio::ssl::context> make_tls_context(const std::string& ca_file);
/// Why a file of certificates cannot be used; empty: it can.
std::string fault_of_ca_file(const std::string& ca_file);
/// Sets the name (or address) to verify and, for a name, SNI (RFC 6066).
result<void> expect_host(tls_stream& stream, const std::string& host);
/// Why a handshake failed: the verifier's reason where it has one.
std::string handshake_fault(tls_stream& stream, const boost::system::error_code& ec);

}  // namespace oes
