#include "fetch/tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/ip/address.hpp>

namespace oes {
namespace ssl = boost::asio::ssl;

std::unique_ptr<ssl::context> make_tls_context(const std::string& ca_file) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  context->set_verify_mode(ssl::verify_peer);
  boost::system::error_code fault;
  if (ca_file.empty()) {
    context->set_default_verify_paths(fault);
  } else {
    context->load_verify_file(ca_file, fault);
  }
  if (fault) {
    const std::string what = ca_file.empty() ? "the system's trust store" : "ca_file " + ca_file;
    throw failure(error{errc::bad_config, what + " cannot be used: " + fault.message()});
  }
  return context;
}

std::string fault_of_ca_file(const std::string& ca_file) {
  try {
    make_tls_context(ca_file);
    return {};
  } catch (const failure& why) {
    return why.what();
  }
}

result<void> expect_host(tls_stream& stream, const std::string& host) {
  static constexpr std::array<unsigned char, 9> http_1_1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL* const handle = stream.native_handle();
  X509_VERIFY_PARAM* const verify = SSL_get0_param(handle);
  // A certificate speaks for the names in its subjectAltName only (RFC 9525): no falling back to its common name.
  X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  bool ok = SSL_set_alpn_protos(handle, http_1_1.data(), http_1_1.size()) == 0;  // 0 is success here
  if (not_an_address) {
    ok = ok && SSL_set1_host(handle, host.c_str()) == 1 && SSL_set_tlsext_host_name(handle, host.c_str()) == 1;
  } else {
    ok = ok && X509_VERIFY_PARAM_set1_ip_asc(verify, host.c_str()) == 1;
  }
  if (ok) return {};
  return error{errc::unreachable, "TLS cannot be set up for host " + host};
}

std::string handshake_fault(tls_stream& stream, const boost::system::error_code& ec) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict == X509_V_OK) return ec.message();
  return std::string("certificate not trusted: ") + X509_verify_cert_error_string(verdict);
}

}  // namespace oes
