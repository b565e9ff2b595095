#pragma once
// What an operator does about a trouble, told from the words of its cause: log, status, page and /readyz say the same.
// When it goes on by itself is told beside it, by whoever knows. What a cause names (hosts, topics, ids) tells nothing.
// Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oes {

/// `why`: as a broker or librdkafka says that Kafka as a whole cannot be used; `bootstrap`: kafka.bootstrap_servers.
/// Never empty.
std::string advice_for_kafka(std::string_view why, std::string_view bootstrap);

/// `why`: as a broker says that it refuses one topic's records, or why that topic may not be written. Never empty.
std::string_view advice_for_topic(std::string_view why);

/// `why`: as a request fails while the API is away. Never empty.
std::string_view advice_for_api(std::string_view why);

/// `why`: as one request's answer could not be used. Empty: it goes on by itself, as far as that tells.
std::string_view advice_for_answer(std::string_view why);

/// `why`: as the API refuses a key that has worked; `left` of `per_day`: the day's credits, as far as they are counted
/// here. Never empty.
std::string_view advice_for_limit(std::string_view why, std::optional<std::int64_t> left,
                                  std::optional<std::int64_t> per_day);

inline constexpr std::string_view advice_for_bad_key =
    "correct the API key, then reload (from the environment: restart), unless its credits are spent";

inline constexpr std::string_view advice_for_rowless =
    "look at its network_region, fueltech, facility_code and start: of what does not exist there are no rows";

inline constexpr std::string_view advice_for_spent_credits =
    "nothing is lost; more credits: a larger budget.share, or another plan of the key";

inline constexpr std::string_view advice_for_others =
    "nothing is lost; find out who else uses this key, or give this daemon one of its own";

inline constexpr std::string_view advice_for_refused_key =
    "the key was withdrawn, or others spent its credits: give it a right one in api.api_key_file, or correct "
    "api.api_key and reload";

}  // namespace oes
