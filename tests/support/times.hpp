#pragma once
// Short ways to write times in tests.
#include "model/time.hpp"

namespace oes::test {

/// "2026-11-23T10:05:00"
inline network_time at(std::string_view text) { return parse_network_time(text).value(); }
/// "2026-11-23T10:05:00Z"
inline utc_time utc(std::string_view text) { return parse_utc(text).value(); }

}  // namespace oes::test
