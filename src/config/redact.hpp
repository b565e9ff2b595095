#pragma once
// What must never be shown, and what is shown instead.
#include <string>
#include <string_view>
#include <vector>

namespace oes {

inline constexpr std::string_view redacted = "[redacted]";

/// Whether the value of a Kafka property of this name is kept secret: the name contains password, secret, key, jaas or
/// token, or is one of the two sasl.oauthbearer settings that may hold credentials.
bool is_secret_name(std::string_view property);

/// `text` with every occurrence of a secret replaced. Secrets of fewer than 8 characters are left alone here: they
/// would be found inside ordinary words.
std::string without_secrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace oes
