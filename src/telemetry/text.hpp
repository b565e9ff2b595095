#pragma once
// Text from outside (error bodies, Kafka's messages) made safe to print: in a log line, in JSON, in HTML.
#include <string>
#include <string_view>

namespace oes {

/// The same text with every byte that is not valid UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

/// Control characters as \n, \t, \r or \u00XX; quotes and backslashes are escaped only when `inside_quotes`.
enum class quoting { none, inside_quotes };
std::string escaped(std::string_view text, quoting where);

/// The value of key=value: as it is, or in quotes where spaces, quotes, = or control characters would mislead a reader.
std::string log_value(std::string_view text);

/// For element content and for attributes in double quotes.
std::string html_escaped(std::string_view text);

}  // namespace oes
