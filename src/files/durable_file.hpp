#pragma once
// Replacing a small file under progress_path so that neither a crash nor a power cut leaves half of it.
#include <string>
#include <string_view>

#include "model/error.hpp"

namespace oes {

enum class old_file { kept, gone };

/// `<name>.tmp` (0600) written and synced, the old file kept as `<name>.prev` where it shall be, renamed, the folder
/// synced. After a failed fsync once more with a new file: the same descriptor could report success for pages that were
/// dropped.
result<void> replace_file(const std::string& folder, const std::string& name, std::string_view content,
                          old_file old = old_file::kept);

}  // namespace oes
