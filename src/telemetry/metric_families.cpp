#include "telemetry/metric_families.hpp"

namespace oes {

void metric_families::begin(const char* name, const char* help, prometheus::MetricType type) {
  auto& family = made_.emplace_back();
  family.name = name;
  family.help = help;
  family.type = type;
}

void metric_families::add(double value, labels which) {
  auto& family = made_.back();
  auto& one = family.metric.emplace_back();
  one.label.reserve(which.size() + 1);
  one.label.push_back({"deployment", deployment_});
  for (const auto& [name, text] : which) one.label.push_back({name, text});
  if (family.type == prometheus::MetricType::Counter) {
    one.counter.value = value;
  } else {
    one.gauge.value = value;
  }
}

void metric_families::gauge(const char* name, const char* help, double value) {
  gauge(name, help);
  add(value);
}

void metric_families::counter(const char* name, const char* help, double value) {
  counter(name, help);
  add(value);
}

}  // namespace oes
