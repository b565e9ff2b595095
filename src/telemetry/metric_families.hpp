#pragma once
// Families of series that are made at each scrape, with the deployment's label on each. Behind metrics.cpp.
#include <prometheus/metric_family.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace oes {

class metric_families {
 public:
  explicit metric_families(std::string deployment) : deployment_(std::move(deployment)) {}

  using labels = std::initializer_list<std::pair<const char*, std::string>>;

  /// Begins a family; add() adds to it.
  void gauge(const char* name, const char* help) { begin(name, help, prometheus::MetricType::Gauge); }
  void counter(const char* name, const char* help) { begin(name, help, prometheus::MetricType::Counter); }
  void add(double value, labels which = {});
  /// A family of one series.
  void gauge(const char* name, const char* help, double value);
  void counter(const char* name, const char* help, double value);

  std::vector<prometheus::MetricFamily> take() { return std::move(made_); }

 private:
  void begin(const char* name, const char* help, prometheus::MetricType type);

  std::string deployment_;
  std::vector<prometheus::MetricFamily> made_;
};

}  // namespace oes
