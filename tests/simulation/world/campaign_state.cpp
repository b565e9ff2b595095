#include "simulation/world/campaign_state.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "simulation/world/state_pairs.hpp"

namespace oes::simulation {
namespace {

constexpr std::uint64_t curve_step = 100'000;

// `PREFIXNAME` → number of each name.
std::string listed(const tally& had, const std::string& prefix) {
  std::string out;
  for (const auto& [what, number] : had.numbers) {
    if (what.starts_with(prefix))
      out += (out.empty() ? "" : ", ") + what.substr(prefix.size()) + " " + std::to_string(number);
  }
  return out;
}

std::string varied_keys(const tally& had) {
  static const std::string prefix = "key ";
  std::map<std::string, std::size_t> values;
  for (const auto& one : had.seen) {
    if (one.starts_with(prefix)) ++values[one.substr(prefix.size(), one.find('=') - prefix.size())];
  }
  std::string out;
  std::size_t varied = 0;
  for (const auto& [key, count] : values) {
    if (count < 2) continue;
    ++varied;
    out += (out.empty() ? "" : ", ") + key + " (" + std::to_string(count) + ")";
  }
  return std::to_string(varied) + " keys: " + out;
}

// How many were new in each step of worlds.
std::string curve(const campaign_sums& sums) {
  std::string out;
  std::uint64_t before = 0;
  std::uint64_t step_ends = curve_step;
  std::uint64_t last = 0;
  const auto put = [&](std::uint64_t until) {
    out += (out.empty() ? "" : ", ") + std::to_string(last - before) + " until " + std::to_string(until);
    before = last;
  };
  for (const auto& [worlds, pairs] : sums.seen_after) {
    for (; worlds > step_ends; step_ends += curve_step) put(step_ends);
    last = pairs;
  }
  last = sums.had.of("state pairs");
  put(sums.worlds());
  return out;
}

}  // namespace

bool read_state(const std::string& path, campaign_sums& sums) {
  std::ifstream in(path);
  if (!in) return false;
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string what;
    std::uint64_t first = 0;
    words >> what;
    if (sums.had.read(line)) continue;
    words >> first;
    if (what == "from") {
      sums.from = first;
    } else if (what == "next") {
      sums.next = first;
    } else if (what == "pairs") {
      words >> sums.seen_after[first];
    } else if (what == "violated") {
      std::getline(words >> std::ws, sums.violated[first]);
    } else {
      std::fprintf(stderr, "%s: not understood: %s\n", path.c_str(), line.c_str());
      std::exit(2);
    }
  }
  return true;
}

void write_state(const std::string& path, const campaign_sums& sums) {
  const auto beside = path + ".new";
  {
    std::ofstream out(beside);
    out << "from " << sums.from << "\nnext " << sums.next << '\n';
    for (const auto& [worlds, pairs] : sums.seen_after) out << "pairs " << worlds << ' ' << pairs << '\n';
    for (const auto& [seed, why] : sums.violated) out << "violated " << seed << ' ' << why << '\n';
    out << sums.had.text();
  }
  std::filesystem::rename(beside, path);
}

std::string report_of(const campaign_sums& sums, double seconds, std::uint64_t played_now) {
  const auto& had = sums.had;
  const auto n = [&had](const std::string& what) { return std::to_string(had.of(what)) + " " + what; };
  std::ostringstream out;
  out << "kills at points: " << listed(had, "kill at ") << "\ntroubles: " << listed(had, "trouble: ")
      << "\nconfiguration: " << varied_keys(had) << "\nstate pairs: " << had.of("state pairs")
      << "; new of them: " << curve(sums) << "\n";
  char rate[64];
  std::snprintf(rate, sizeof rate, "%.1f s, %.1f worlds a second", seconds,
                seconds > 0 ? static_cast<double>(played_now) / seconds : 0.0);
  out << sums.worlds() << " worlds, " << sums.violated.size() << " of them with violations, "
      << had.of("worlds that count") << " that count; " << rate << "; " << n("transactions") << ", " << n("records")
      << ", " << n("points") << " (" << had.of("excused points") << " excused), " << n("kills") << ", "
      << n("takeovers") << ", " << had.of("takeovers after a kill") << " of them after a kill, " << n("losses of data")
      << ", " << n("requests");
  return out.str();
}

}  // namespace oes::simulation
