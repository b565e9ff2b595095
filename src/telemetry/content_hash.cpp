#include "telemetry/content_hash.hpp"

#include <openssl/evp.h>

#include <array>

namespace oes {

std::string content_hash(std::string_view content) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text{};
  const auto length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
  return "sha256-" + std::string(text.begin(), text.begin() + length);
}

}  // namespace oes
