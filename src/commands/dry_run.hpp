#pragma once
// `run --dry-run`: what the daemon would publish first, printed; neither Kafka nor progress is touched.
#include <iosfwd>

#include "app/exit_code.hpp"
#include "config/configuration.hpp"

namespace oes {

/// One window per request group from its `start:`, as NDJSON (revision 0). Respects the budget.
exit_code print_records(const configuration& config, std::ostream& out);

}  // namespace oes
