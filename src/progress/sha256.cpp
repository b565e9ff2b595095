#include "progress/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace oes {
namespace {

void must(int done) {
  if (done != 1) throw std::runtime_error("SHA-256 is not available in this OpenSSL");
}

}  // namespace

struct sha256_sum::context {
  EVP_MD_CTX* of = EVP_MD_CTX_new();
  context() = default;
  ~context() { EVP_MD_CTX_free(of); }
  context(const context&) = delete;
  context& operator=(const context&) = delete;
};

sha256_sum::sha256_sum() : context_(std::make_unique<context>()) {
  must(EVP_DigestInit_ex(context_->of, EVP_sha256(), nullptr));
}

sha256_sum::~sha256_sum() = default;

void sha256_sum::add(std::string_view bytes) { must(EVP_DigestUpdate(context_->of, bytes.data(), bytes.size())); }

std::string sha256_sum::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  must(EVP_DigestFinal_ex(context_->of, digest.data(), &size));
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2UL * size);
  for (unsigned int i = 0; i < size; ++i) {
    out += digits[digest.at(i) >> 4U];
    out += digits[digest.at(i) & 15U];
  }
  return out;
}

std::string sha256_hex(std::string_view text) {
  sha256_sum sum;
  sum.add(text);
  return sum.hex();
}

}  // namespace oes
