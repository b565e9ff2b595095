#pragma once
// What an HTTP answer means for a stream: the table of api.md §8. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "fetch/http_reply.hpp"
#include "model/error.hpp"
#include "model/request.hpp"

namespace oes {

enum class key_standing { anonymous, never_worked, known_good };
/// Where the asked window starts: near now, a start/end-order 400 is a clock that runs ahead, not a wrong request.
enum class window_start { elsewhere, near_now };
enum class body_kind { empty, json, html, other };

body_kind kind_of(const http_reply& reply);
/// near_now: within one interval of `now`, before or after it.
window_start where_it_starts(const fetch_request& request, utc_time now);

/// What classify() needs beside the answer itself.
struct reply_circumstances {
  key_standing key = key_standing::anonymous;
  window_start start = window_start::elsewhere;
  utc_time now;             ///< for a Retry-After date where the answer has no Date of its own
  std::string server_text;  ///< `error` or `detail` of the body, read by decode/; without secrets
};

/// nullopt: a 200 with a JSON body. Else the error; its context is `401 Authentication failed`, without the request.
std::optional<error> classify(const http_reply& reply, const reply_circumstances& around);

}  // namespace oes
