#pragma once
// A job of the replaced source, from its options: what it asked for, and from when. Pure.
#include <optional>
#include <string>
#include <vector>

#include "migrate/option_sets.hpp"
#include "model/stream.hpp"

namespace oes {

struct old_job {
  std::string where;  ///< its options, as complaints call them
  network net = network::nem;
  std::vector<std::string> metrics{"power"};
  interval_size interval = interval_size::m5;
  primary_grouping primary = primary_grouping::network;
  secondary_grouping secondary = secondary_grouping::none;
  double batch_size_hours = 1;
  std::string base_url;       ///< empty: the usual one
  std::string progress_path;  ///< where its progress.json lay; empty: not told
  std::optional<network_time> start_time;
  std::optional<double> start_hours_ago;  ///< went before start_time
  bool has_key = false;
  bool resets_progress = false;
  bool has_end = false;
  std::vector<std::string> unknown;  ///< options that the source did not know, which it passed over
  std::vector<std::string> remarks;  ///< on where the options were found
};

/// `what`: how the job is called in complaints. Error: bad_config, every complaint on a line of its own.
result<old_job> read_old_job(const option_set& options, const std::string& what);

}  // namespace oes
