#include "telemetry/price_scale.hpp"

#include <algorithm>
#include <cmath>

namespace oes {
namespace {

// Below this a scale is about even.
constexpr double even_below = 50;

double bent(double price) { return std::copysign(std::log10(1 + std::abs(price) / even_below), price); }

}  // namespace

price_scale::price_scale(double low, double high) : low_(bent(low)), high_(bent(high)) {}

double price_scale::place(double price) const { return std::clamp((bent(price) - low_) / (high_ - low_), 0.0, 1.0); }

std::vector<double> price_scale::ticks() const {
  constexpr double apart = 0.11;  // so that two texts do not touch
  std::vector<double> out;
  for (const double price : {0.0, 100.0, 1000.0, -1000.0, 17500.0, 300.0, -100.0, 5000.0, 50.0, -300.0, -50.0}) {
    if (bent(price) < low_ || bent(price) > high_) continue;
    const bool is_free = std::all_of(out.begin(), out.end(),
                                     [&](double other) { return std::abs(place(other) - place(price)) >= apart; });
    if (is_free) out.push_back(price);
  }
  std::sort(out.begin(), out.end());
  return out;
}

price_scale price_scale_for(const std::vector<chart_layer>& lines) {
  double low = 0;
  double high = 100;
  for (const auto& line : lines) {
    for (const auto value : line.values) {
      if (std::isnan(value)) continue;
      low = std::min<double>(low, value);
      high = std::max<double>(high, value);
    }
  }
  return {low < 0 ? low * 1.1 : low, high * 1.15};
}

}  // namespace oes
