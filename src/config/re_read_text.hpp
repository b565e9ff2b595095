#pragma once
// Re-read cadences as people write them: `1h`, `12h every 2h`, `72h at 06:00 18:00`.
#include <optional>
#include <string>
#include <string_view>

#include "model/re_read.hpp"

namespace oes {

/// nullopt: not of that form.
std::optional<re_read> parse_re_read(std::string_view text);
/// For the table of keys: what is wrong with it, or nothing.
std::string check_re_read(const std::string& text);

}  // namespace oes
