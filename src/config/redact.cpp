#include "config/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "model/redactor.hpp"

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
  return redactor(secrets, redactor::finds::whole).clean(std::move(text), redacted);
}

}  // namespace oes
