#pragma once
// `check-config --connect`: what the daemon would meet outside, found out without changing anything there.
#include <iosfwd>

#include "app/exit_code.hpp"
#include "config/configuration.hpp"

namespace oes {

/// A line a finding. exit_failure where something would keep the daemon from working; what cannot be told from here
/// does not count.
exit_code check_connections(const configuration& config, std::ostream& out);

}  // namespace oes
