#pragma once
// The one-shot permission of `progress fresh`: start anew although the data topics hold records and progress is gone.
#include <string>

#include "model/error.hpp"

namespace oes {

result<void> grant_fresh_permit(const std::string& progress_path);
bool has_fresh_permit(const std::string& progress_path);
void use_up_fresh_permit(const std::string& progress_path);

}  // namespace oes
