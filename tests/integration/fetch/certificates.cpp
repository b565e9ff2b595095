#include "certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <stdexcept>

namespace oes::test {
namespace {

struct free_key {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct free_certificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, free_key>;
using certificate_ptr = std::unique_ptr<X509, free_certificate>;

struct identity {
  key_ptr key{EVP_EC_gen("P-256")};
  certificate_ptr certificate{X509_new()};
};

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  if (extension == nullptr) throw std::runtime_error("certificate extension " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// `issuer` null: signed by itself. `names` empty: an authority; no_names: a host's, without any subjectAltName.
identity make_identity(const std::string& common_name, const std::string& names, int days, const identity* issuer) {
  static std::atomic<long> serial = 1;
  constexpr long day = 24L * 3600;
  identity out;
  X509* const certificate = out.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), days * day);
  X509_NAME* const subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common_name.c_str()),
                             -1, -1, 0);
  const identity& signer = issuer == nullptr ? out : *issuer;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate.get()));
  X509_set_pubkey(certificate, out.key.get());
  extend(certificate, signer.certificate.get(), NID_basic_constraints, names.empty() ? "critical,CA:TRUE" : "CA:FALSE");
  if (!names.empty() && names != no_names) extend(certificate, signer.certificate.get(), NID_subject_alt_name, names);
  X509_sign(certificate, signer.key.get(), EVP_sha256());
  return out;
}

std::unique_ptr<boost::asio::ssl::context> server_with(const identity& who) {
  auto out = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
  SSL_CTX_use_certificate(out->native_handle(), who.certificate.get());
  SSL_CTX_use_PrivateKey(out->native_handle(), who.key.get());
  return out;
}

}  // namespace

struct authority_of_the_day::machinery {
  identity own = make_identity("authority of the day", "", 1, nullptr);
};

authority_of_the_day::authority_of_the_day() : machinery_(std::make_unique<machinery>()) {
  static std::atomic<int> counter = 0;
  file_ = std::filesystem::temp_directory_path() /
          ("oes-fetch-ca-" + std::to_string(getpid()) + "-" + std::to_string(counter++) + ".pem");
  BIO* const memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, machinery_->own.certificate.get());
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory, &text);
  std::ofstream(file_).write(text, size);
  BIO_free(memory);
}

authority_of_the_day::~authority_of_the_day() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

std::unique_ptr<boost::asio::ssl::context> authority_of_the_day::server_for(const std::string& names, int days) const {
  return server_with(make_identity("server", names, days, &machinery_->own));
}

std::unique_ptr<boost::asio::ssl::context> authority_of_the_day::server_by_common_name(const std::string& host) const {
  return server_with(make_identity(host, no_names, 1, &machinery_->own));
}

std::unique_ptr<boost::asio::ssl::context> self_signed_server(const std::string& names) {
  return server_with(make_identity("self", names, 1, nullptr));
}

}  // namespace oes::test
