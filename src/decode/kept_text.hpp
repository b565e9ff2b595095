#pragma once
// Which texts of an answer may go into keys, records and logs.
#include <string_view>

namespace oes {

/// Well-formed UTF-8 (RFC 3629). RapidJSON's own check reads past the end of a cut sequence and lets `\uDC00` through.
bool is_utf8(std::string_view text);
/// UTF-8 and short enough for a record key.
bool may_be_kept(std::string_view text);

}  // namespace oes
