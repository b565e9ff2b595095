#pragma once
// What an answer leaves out of a wide series, asked for label by label.
#include <algorithm>

#include "model/answer.hpp"

namespace oes {

class left_out_columns {
 public:
  explicit left_out_columns(const series& of, network_time from = network_time::min())
      : here_(std::lower_bound(of.lacks.begin(), of.lacks.end(), from,
                               [](const missing_columns& one, network_time label) { return one.label < label; })),
        end_(of.lacks.end()) {}

  /// `label` rises from call to call.
  column_set at(network_time label) {
    while (here_ != end_ && here_->label < label) ++here_;
    column_set out = 0;
    for (auto same = here_; same != end_ && same->label == label; ++same) out |= same->columns;
    return out;
  }

 private:
  std::vector<missing_columns>::const_iterator here_;
  std::vector<missing_columns>::const_iterator end_;
};

}  // namespace oes
