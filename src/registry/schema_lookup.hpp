#pragma once
// Schemas by their ids, for who reads topics on a thread of its own. Blocking.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "model/error.hpp"
#include "registry/registry_settings.hpp"

namespace oes {

/// Asks the registry each time; callers remember. bad_config: none is configured. For one thread at a time.
std::function<result<std::optional<std::string>>(std::int32_t id)> schema_lookup(const registry_settings& settings);

}  // namespace oes
