#pragma once
// What an answer is held against while it is read.
#include <optional>
#include <string>
#include <vector>

#include "model/interval.hpp"
#include "model/network.hpp"
#include "model/request.hpp"

namespace oes {

/// What was asked for. A block for another network or interval size makes the answer malformed; a block for a metric
/// that was not asked for is left out.
struct expected_answer {
  network net = network::nem;
  std::optional<interval_size> interval;  ///< nullopt: any
  std::vector<std::string> metrics;       ///< empty: any
  /// Of each series. A series with others is left out, and counted. nullopt: any.
  std::optional<grouping_labels> labels = {};
};

}  // namespace oes
