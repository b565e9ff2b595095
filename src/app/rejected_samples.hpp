#pragma once
// Keeps the beginning of answers that stayed unusable, for the bug report (guarantee.md §5).
#include <string>
#include <string_view>

#include "model/redactor.hpp"

namespace oes {

/// Writes `<folder>/rejected/<n>.txt`: the reason, then the beginning of the body, both without secrets. At most 10
/// files; the oldest goes. Only the owner may read them: what a proxy echoes is not known.
void keep_rejected_sample(const std::string& folder, const std::string& why, std::string_view body,
                          const redactor& hide);

}  // namespace oes
