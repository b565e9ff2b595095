#pragma once
// Which form progress is written in, in the topic's records as in progress.json.
#include <cstdint>
#include <string_view>

#include "model/error.hpp"

namespace oes {

inline constexpr int progress_format = 2;

/// The refusal of a record that only a newer release can read; `what` is its key or kind.
error newer_format(std::string_view what, std::int64_t version);

}  // namespace oes
