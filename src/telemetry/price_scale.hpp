#pragma once
// Where a price stands in its chart: even near zero, by powers of ten beyond, so that -1,000 and 17,500 stay readable
// beside 80. Pure.
#include <vector>

#include "telemetry/data_chart.hpp"

namespace oes {

class price_scale {
 public:
  price_scale(double low, double high);
  /// 0: the lowest; 1: the highest.
  [[nodiscard]] double place(double price) const;
  /// Round prices within it.
  [[nodiscard]] std::vector<double> ticks() const;

 private:
  double low_;
  double high_;
};

/// From the lines' values, at least from 0 to 100.
price_scale price_scale_for(const std::vector<chart_layer>& lines);

}  // namespace oes
