#pragma once
// The progress topic read to its end by a command: needs no lock and no leadership.
#include <chrono>
#include <optional>

#include "config/configuration.hpp"
#include "model/error.hpp"
#include "model/ledger.hpp"

namespace oes {

/// Blocking. nullopt: nothing there. kafka_unavailable: not within `patience`.
result<std::optional<stored_progress>> read_kafka(const configuration& config, std::chrono::seconds patience);

}  // namespace oes
