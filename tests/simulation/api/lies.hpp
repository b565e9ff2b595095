#pragma once
// Answers that are whole and well formed, and not true; or that leave out what the API has.
#include <array>
#include <cstdint>
#include <string_view>

#include "model/request.hpp"
#include "simulation/api/told_answer.hpp"

namespace oes::simulation {

enum class lie {
  labels_left_out,
  series_left_out,
  metric_left_out,
  label_ahead,
  label_early,
  label_off_grid,
  row_repeated,  ///< the last copy counts
  odd_region,    ///< with a control character
};
inline constexpr std::array all_lies{lie::labels_left_out, lie::series_left_out, lie::metric_left_out, lie::label_ahead,
                                     lie::label_early,     lie::label_off_grid,  lie::row_repeated,    lie::odd_region};
std::string_view name(lie which);

/// Takes away what this kind leaves out; something stays.
void leave_out(told_answer& told, lie which, std::uint64_t salt);
/// Adds what is not true, to what is.
void add_untrue(told_answer& told, lie which, std::uint64_t salt, const time_window& asked, network_time now);

}  // namespace oes::simulation
