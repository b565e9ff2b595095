#include "simulator/outages.hpp"

#include "simulator/random.hpp"

namespace oes::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

std::optional<outage> outage_of_day(table from, network net, network_time day, const realism& how) {
  const auto h = draw({how.seed, 501, static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(net),
                       static_cast<std::uint64_t>(day.time_since_epoch().count())});
  if (!happens(h, how.outages)) return std::nullopt;
  const auto begin = day + minutes(5) * static_cast<int>(scatter(h) % 288);
  const auto length = hours(1) + minutes(5) * static_cast<int>(scatter(h + 1) % 61);
  return outage{begin, begin + length, scatter(h + 2) % 2 == 0};
}

}  // namespace

std::optional<outage> outage_at(table from, network net, network_time label, const realism& how) {
  if (how.outages <= 0) return std::nullopt;
  const network_time today = std::chrono::floor<days>(label);
  // An outage that began yesterday may still last.
  for (const auto day : {today, today - days(1)}) {
    const auto found = outage_of_day(from, net, day, how);
    if (found && label >= found->begin && label < found->end) return found;
  }
  return std::nullopt;
}

}  // namespace oes::sim
