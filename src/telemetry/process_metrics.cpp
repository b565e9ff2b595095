#include "telemetry/process_metrics.hpp"

#include <prometheus/metric_family.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "async/boot_clock.hpp"
#include "async/clock.hpp"

namespace oes {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily single(std::string name, std::string help, MetricType type, double value) {
  prometheus::ClientMetric metric;
  if (type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  return {std::move(name), std::move(help), type, {metric}};
}

// Pages: total and resident (proc(5), statm).
std::optional<std::pair<std::uint64_t, std::uint64_t>> memory_pages() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  if (!(file >> total >> resident)) return std::nullopt;
  return std::pair(total, resident);
}

// When this process began, in Unix seconds. By its own file alone (proc(5), stat: the 22nd field, in ticks since boot):
// /proc/stat, which others take the boot's time from, is hidden where ProcSubset=pid is.
std::optional<double> start_time() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(')');  // the name may hold anything
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  constexpr int before = 19;  // after the name
  std::string skipped;
  for (int i = 0; i < before; ++i) fields >> skipped;
  double ticks = 0;
  if (!(fields >> ticks)) return std::nullopt;
  const auto began = ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto ago = static_cast<double>(since_boot().count()) / 1e6 - began;
  return static_cast<double>(wall_now().time_since_epoch().count()) / 1e6 - ago;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::optional<std::int64_t> open_descriptors() {
  std::error_code failed;
  std::filesystem::directory_iterator entries("/proc/self/fd", failed);
  if (failed) return std::nullopt;
  std::int64_t count = -1;  // the listing itself holds one
  for (; entries != std::filesystem::directory_iterator(); entries.increment(failed)) {
    if (failed) return std::nullopt;
    ++count;
  }
  return count;
}

std::optional<double> descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

process_metrics::process_metrics() : started_(start_time()) {}

std::vector<MetricFamily> process_metrics::Collect() const {
  std::vector<MetricFamily> out;
  if (started_) {
    out.push_back(
        single("process_start_time_seconds", "When the process began, in Unix seconds.", MetricType::Gauge, *started_));
  }
  out.push_back(single("process_cpu_seconds_total", "User and system CPU time spent, in seconds.", MetricType::Counter,
                       cpu_seconds()));
  if (const auto pages = memory_pages()) {
    const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
    out.push_back(single("process_virtual_memory_bytes", "Virtual memory size, in bytes.", MetricType::Gauge,
                         static_cast<double>(pages->first) * page));
    out.push_back(single("process_resident_memory_bytes", "Resident memory size, in bytes.", MetricType::Gauge,
                         static_cast<double>(pages->second) * page));
  }
  if (const auto open = open_descriptors()) {
    out.push_back(single("process_open_fds", "Open file descriptors.", MetricType::Gauge, static_cast<double>(*open)));
  }
  if (const auto limit = descriptor_limit()) {
    out.push_back(single("process_max_fds", "Most file descriptors allowed.", MetricType::Gauge, *limit));
  }
  return out;
}

}  // namespace oes
