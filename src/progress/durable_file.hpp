#pragma once
// Inside of progress/: replacing a small file so that neither a crash nor a power cut leaves half of it.
#include <string>
#include <string_view>

#include "model/error.hpp"

namespace oes {

/// Creates `folder` (0700, parents too) unless it is there.
result<void> make_private_folder(const std::string& folder);

/// `<name>.tmp` (0600) written and synced, the old file kept as `<name>.prev`, renamed, the folder synced. After a
/// failed fsync once more with a new file: the same descriptor could report success for pages that were dropped.
result<void> replace_file(const std::string& folder, const std::string& name, std::string_view content);

}  // namespace oes
