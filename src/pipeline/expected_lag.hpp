#pragma once
// How far behind a stream's newest label may be with all well. Pure.
#include <chrono>
#include <optional>

#include "pipeline/request_group.hpp"

namespace oes {

/// `granted`: how often it is polled. nullopt: nothing is to be expected of such labels (seasons and financial years are
/// names).
std::optional<std::chrono::seconds> expected_lag(const request_group& group, std::chrono::seconds granted);

}  // namespace oes
