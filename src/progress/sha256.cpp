#include "progress/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace oes {

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available in this OpenSSL");
  }
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2UL * size);
  for (unsigned int i = 0; i < size; ++i) {
    out += digits[digest.at(i) >> 4U];
    out += digits[digest.at(i) & 15U];
  }
  return out;
}

}  // namespace oes
