#pragma once
// Which librdkafka this process runs with.
#include <string>

namespace oes {

/// `2.0.2`.
std::string kafka_library_version();

}  // namespace oes
