#include "simulator/buckets.hpp"

namespace oes::sim {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::year_month_day;

network_time first_of(std::chrono::year year, unsigned month) {
  return network_time(local_days(year / static_cast<int>(month) / 1));
}

// A quarter's start, after the month was moved to its season's first: so each season carries its quarter's label, and
// January and February join the December of their own year.
network_time season_label(network_time t) {
  const year_month_day date(std::chrono::floor<days>(t));
  const auto month = static_cast<unsigned>(date.month());
  if (month >= 12 || month <= 2) return first_of(date.year(), 10);
  if (month <= 5) return first_of(date.year(), 1);
  if (month <= 8) return first_of(date.year(), 4);
  return first_of(date.year(), 7);
}

// 1 January of the year in which the financial year ends.
network_time financial_year_label(network_time t) {
  const year_month_day date(std::chrono::floor<days>(t));
  const auto ends_next_year = static_cast<unsigned>(date.month()) >= 7;
  return first_of(date.year() + std::chrono::years(ends_next_year ? 1 : 0), 1);
}

}  // namespace

network_time bucket_label(network_time t, interval_size size) {
  switch (size) {
    case interval_size::season:
      return season_label(t);
    case interval_size::fy:
      return financial_year_label(t);
    case interval_size::m5:
    case interval_size::h1:
    case interval_size::d1:
    case interval_size::d7:
    case interval_size::mo1:
    case interval_size::mo3:
    case interval_size::y1:
      return bucket_floor(t, size);
  }
  return t;
}

std::vector<network_time> labels_between(network_time first, network_time last, interval_size size) {
  std::vector<network_time> all;
  for (auto at = first; at <= last; at = bucket_add(at, size, 1)) all.push_back(at);
  return all;
}

}  // namespace oes::sim
