#pragma once
// Memory, CPU and descriptors of this process under the names that every Prometheus dashboard knows. Behind
// metrics.cpp.
#include <prometheus/collectable.h>

#include <optional>
#include <vector>

namespace oes {

/// Reads /proc/self at each collection; what cannot be read is left out.
class process_metrics final : public prometheus::Collectable {
 public:
  process_metrics();
  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  std::optional<double> started_;  ///< Unix seconds; told once, so that setting the host's clock moves it not
};

}  // namespace oes
