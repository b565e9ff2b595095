#pragma once
// The small world's values as the product's pure functions take them.
#include <optional>
#include <string>

#include "model/progress.hpp"
#include "unit/exactly_once/world.hpp"

namespace oes::test {

/// The name under which an incarnation claims; empty: nobody did.
std::string name_of(std::int8_t owner);
progress_state as_state(const held& h);
/// The product's reconcile table; nullopt: it refuses.
std::optional<held> reconciled(bool in_kafka, const held& kafka, bool in_file, const held& file);

}  // namespace oes::test
