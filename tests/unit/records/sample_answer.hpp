#pragma once
// Answers made by hand, as decode/ would make them.
#include <string>
#include <utility>
#include <vector>

#include "model/answer.hpp"
#include "model/range_set.hpp"
#include "records/record_builder.hpp"
#include "support/times.hpp"

namespace oes::test {

/// label → number text, "" for null
using sample_points = std::vector<std::pair<std::string, std::string>>;

class sample_answer {
 public:
  sample_answer() {
    answer_.body = std::make_unique<std::string>();
    answer_.received_at = parse_utc("2026-11-23T00:06:07.890Z").value();
  }
  sample_answer& block(std::string metric, std::string unit) {
    answer_.blocks.push_back({std::move(metric), std::move(unit), {}});
    return *this;
  }
  sample_answer& add(series_labels labels, const sample_points& points) {
    auto& one = answer_.blocks.back().all.emplace_back();
    one.labels = std::move(labels);
    for (const auto& [label, number] : points) {
      const auto offset = static_cast<std::uint32_t>(answer_.body->size());
      *answer_.body += number;
      one.points.push_back({at(label), offset, static_cast<std::uint32_t>(number.size())});
    }
    return *this;
  }
  [[nodiscard]] const time_series_answer& get() const { return answer_; }

 private:
  time_series_answer answer_;
};

/// Every label is news.
inline selection_question everything(bool publish_nulls) {
  const auto first = at("1998-01-01T00:00:00");
  return {first, first, at("2100-01-01T00:00:00"), revision_policy::all, publish_nulls};
}

inline record_options by_region_and_fueltech() {
  record_options options;
  options.stream = "nem-power";
  options.topic = "openelectricity.network.5m.v1";
  options.identity.primary = primary_grouping::network_region;
  options.identity.secondary = secondary_grouping::fueltech;
  return options;
}

/// All blocks, every point, one set of options.
inline std::vector<record_plan> plans_for(const time_series_answer& answer, const record_options& options,
                                          bool publish_nulls = false) {
  std::vector<record_plan> plans;
  const ledger nothing(options.identity.interval);
  for (std::size_t i = 0; i < answer.blocks.size(); ++i) {
    plans.push_back({select_changes(answer, i, nothing, everything(publish_nulls)), options});
  }
  return plans;
}

inline record_batch build_all(const time_series_answer& answer, const record_options& options,
                              bool publish_nulls = false) {
  record_builder builder(answer, plans_for(answer, options, publish_nulls));
  version_counter versions(1'000);
  return builder.next({}, versions).batch;
}

}  // namespace oes::test
