#pragma once
// The status as one HTML page for a person: no external resources, whole without JavaScript, light and dark, wide and
// narrow.
#include <string>
#include <string_view>

#include "telemetry/status_board.hpp"

namespace oes {

std::string status_page(const daemon_status& status);

/// Its Content-Security-Policy: nothing runs and nothing colours but the page's own script and style, by their hashes.
std::string status_page_policy();

/// The page's fixed parts (status_page_assets.cpp).
std::string_view status_page_style();
std::string_view status_page_script();

}  // namespace oes
