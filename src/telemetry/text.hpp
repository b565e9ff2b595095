#pragma once
// Text from outside (error bodies, Kafka's messages) made safe to print: in a log line, in JSON, in HTML.
#include <string>
#include <string_view>

namespace oes {

/// As printable() of model/utf8.hpp (control and direction characters as \n, \t, \r or \u00XX, other text as it is);
/// quotes and backslashes are escaped only when `inside_quotes`.
enum class quoting { none, inside_quotes };
std::string escaped(std::string_view text, quoting where);

/// The value of key=value: as it is, or in quotes where spaces, quotes, = or control characters would mislead a reader.
std::string log_value(std::string_view text);

/// For element content and for attributes in double quotes.
std::string html_escaped(std::string_view text);

}  // namespace oes
