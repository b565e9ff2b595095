#pragma once
// Remembers, by hash, that an API key has worked: a 401 then means a limit, not a bad key (api.md §8).
#include <string>

namespace oes {

/// True when `folder` remembers a success with this key.
bool key_worked_before(const std::string& folder, const std::string& key);
/// Remembers it; failing to is survivable and silent: the next success tries again after a restart.
void remember_key(const std::string& folder, const std::string& key);

}  // namespace oes
