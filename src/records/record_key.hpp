#pragma once
// Keys of records (records.md §2): the same whatever the value's format.
#include <string>

#include "model/answer.hpp"
#include "records/record_options.hpp"

namespace oes {

/// `v1|NEM|5m|power|fueltech=wind,region=NSW1|`; the interval follows. A key per series is this without the last bar.
std::string key_without_interval(const metric_block& block, const series_labels& labels, const record_options& options);

}  // namespace oes
