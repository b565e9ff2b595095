#pragma once
// What a token command prints, understood. Pure.
#include <chrono>
#include <string>
#include <string_view>

#include "model/error.hpp"
#include "model/time.hpp"

namespace oes {

struct oauth_token {
  std::string text;  ///< a secret
  std::string principal;
  utc_time expires;
};

/// A JWT (RFC 7519), whose `exp` and `sub` are read, or an answer as token endpoints give it (RFC 6749 §5.1):
/// `{"access_token": "…", "expires_in": 300}`. Error: malformed, which never repeats the text.
result<oauth_token> read_oauth_token(std::string_view printed, utc_time now);

}  // namespace oes
