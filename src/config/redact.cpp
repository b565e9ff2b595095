#include "config/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace oes {

bool is_secret_name(std::string_view property) {
  std::string name(property);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array<std::string_view, 7> telling{
      "password", "secret", "key", "jaas", "token", "oauthbearer.config", "oauthbearer.extensions"};
  return std::any_of(telling.begin(), telling.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

std::string without_secrets(std::string text, const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    if (secret.size() < 8) continue;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + redacted.size())) {
      text.replace(at, secret.size(), redacted);
    }
  }
  return text;
}

}  // namespace oes
