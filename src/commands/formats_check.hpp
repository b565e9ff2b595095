#pragma once
// check-config --connect: whether topics hold what is to be written to them, and whether the schema registry answers.
#include <string>
#include <vector>

#include "config/configuration.hpp"

namespace oes {

struct format_finding {
  enum class verdict { ok, untold, fails } is = verdict::ok;
  std::string text;
};

/// Blocking; registers nothing.
std::vector<format_finding> look_at_formats(const configuration& config);

}  // namespace oes
