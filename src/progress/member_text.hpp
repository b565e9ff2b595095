#pragma once
// How members and their ranges are named to people.
#include <string>
#include <vector>

#include "model/interval.hpp"
#include "model/progress.hpp"

namespace oes {

/// `nem/power`
std::string member_name(const member_key& key);
/// `2026-11-23T10:00:00+10:00 … 2026-11-23T12:00:00+10:00, …`; the first few and how many more there are.
std::string ranges_text(const std::vector<time_range>& ranges, network net);
/// What `of` holds and `but_not` does not.
std::vector<time_range> ranges_beyond(const range_set& of, const range_set& but_not);
/// The interval size that a member's identity states; 5m where it states none.
interval_size interval_of(const member_progress& member);
/// How many labels of a member are published.
std::int64_t count_covered(const member_progress& member);
/// How many labels lie in the ranges.
std::int64_t count_labels(const std::vector<time_range>& ranges, interval_size interval);

}  // namespace oes
