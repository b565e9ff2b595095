#pragma once
// How the progress topic is read, and where progress.json lies.
#include <chrono>
#include <string>

#include "kafka/connection_settings.hpp"
#include "progress/mirrored_delivery.hpp"

namespace oes {

struct progress_settings : connection_settings {
  std::string topic;
  std::string folder;  ///< progress_path
  /// As which topics are read. read_uncommitted with the mock broker, which does not implement the other.
  isolation_level level = isolation_level::read_committed;
  std::chrono::milliseconds transaction_timeout = std::chrono::seconds(30);  ///< deadline is 2 × this + 15 s
  mirrored_delivery delivery = mirrored_delivery::exactly_once;              ///< noted in progress.json
};

}  // namespace oes
