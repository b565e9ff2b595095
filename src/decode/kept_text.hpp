#pragma once
// Which texts of an answer may go into keys, records and logs.
#include <optional>
#include <string>
#include <string_view>

namespace oes {

/// UTF-8 without control characters (model/utf8.hpp), and short enough for a record key. (RapidJSON's own
/// check of UTF-8 reads past the end of a cut sequence and lets `\uDC00` through.)
bool may_be_kept(std::string_view text);
/// The reason, as it follows the text's name: `is not UTF-8`. nullopt: it may.
std::optional<std::string> why_not_kept(std::string_view text);

}  // namespace oes
