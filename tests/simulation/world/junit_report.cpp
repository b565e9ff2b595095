#include "simulation/world/junit_report.hpp"

#include <algorithm>
#include <fstream>

namespace oes::simulation {
namespace {

constexpr std::uint64_t worlds_of_a_case = 100;

}  // namespace

void junit_report::played(std::uint64_t seed, bool violated) {
  if (all_.empty() || all_.back().last - all_.back().first + 1 == worlds_of_a_case) all_.push_back({seed, seed, {}});
  all_.back().last = seed;
  if (violated) all_.back().violated.push_back(seed);
}

void junit_report::write(const std::string& path) const {
  std::ofstream out(path);
  const auto failed = std::ranges::count_if(all_, [](const auto& one) { return !one.violated.empty(); });
  out << "<?xml version=\"1.0\"?>\n<testsuite name=\"simulation\" tests=\"" << all_.size() << "\" failures=\"" << failed
      << "\">\n";
  for (const auto& one : all_) {
    out << "<testcase classname=\"simulation\" name=\"worlds " << one.first << " to " << one.last << "\">";
    if (!one.violated.empty()) {
      out << "<failure message=\"violated:";
      for (const auto seed : one.violated) out << ' ' << seed;
      out << "\"/>";
    }
    out << "</testcase>\n";
  }
  out << "</testsuite>\n";
}

}  // namespace oes::simulation
