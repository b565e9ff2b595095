#pragma once
// What a Content-Security-Policy calls an inline script or style by.
#include <string>
#include <string_view>

namespace oes {

/// `sha256-…`, in base64.
std::string content_hash(std::string_view content);

}  // namespace oes
