#pragma once
// A failure of this room: code and one line for a person.
#include <optional>
#include <string>
#include <utility>

#include "model/error.hpp"

namespace oes {

inline error fault(errc code, std::string context) { return error{code, std::move(context), std::nullopt, 0}; }
/// What Kafka refuses of one topic.
inline error refusal(std::string topic, std::string context) {
  return error{errc::kafka_refused, std::move(context), std::nullopt, 0, std::move(topic)};
}

}  // namespace oes
