#pragma once
// The resolved configuration as YAML, for print-config.
#include <string>

#include "config/settings_reader.hpp"

namespace oes {

/// Every key with its value in its canonical spelling, where it came from, secrets as `[redacted]`. Read back, it gives
/// the same configuration, but for the secrets.
std::string write_resolved_yaml(const all_settings& settings, const std::string& file);

}  // namespace oes
