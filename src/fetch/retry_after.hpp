#pragma once
// How long a server asks us to wait (RFC 9110 §10.2.3, §5.6.7). Pure.
#include <chrono>
#include <optional>
#include <string_view>

#include "model/time.hpp"

namespace oes {

/// IMF-fixdate, and the two obsolete forms that a recipient must still read: RFC 850 (its two-digit year is the one at
/// most 50 years after `now`) and asctime.
std::optional<utc_time> parse_http_date(std::string_view text, utc_time now);

/// What an answer's `Date` and `Age` say of the time at which it was handed over (RFC 9111 §5.1). nullopt: no Date, one
/// that is not understood, or so old an answer that its age tells nothing.
std::optional<utc_time> parse_answer_time(std::string_view date, std::string_view age, utc_time now);

/// Seconds or a date; never negative, at most a day (an absurd value must not silence a stream). nullopt: not
/// understood.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, utc_time now);

}  // namespace oes
