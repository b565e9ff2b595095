#include "simulator/lies.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "simulator/buckets.hpp"
#include "simulator/random.hpp"

namespace oes::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr double lied_value = 987654.25;  // no value of the world is as large

std::chrono::seconds off_the_grid(interval_size size) {
  if (size == interval_size::m5) return minutes(3);
  return size == interval_size::h1 ? minutes(25) : hours(7);
}

// Which series the lie is about: one of two lies is about all of them.
bool concerns(const lie& l, std::size_t series, std::size_t count) {
  return scatter(l.salt) % 2 == 0 || scatter(l.salt + 1) % count == series;
}

void insert_point(grouped_series& s, std::size_t place, network_time label, std::size_t metrics, double value) {
  s.at.insert(s.at.begin() + static_cast<std::ptrdiff_t>(place), label);
  s.values.insert(s.values.begin() + static_cast<std::ptrdiff_t>(place * metrics), metrics, value);
}

void erase_points(grouped_series& s, std::size_t from, std::size_t count, std::size_t metrics) {
  const auto at = s.at.begin() + static_cast<std::ptrdiff_t>(from);
  s.at.erase(at, at + static_cast<std::ptrdiff_t>(count));
  const auto values = s.values.begin() + static_cast<std::ptrdiff_t>(from * metrics);
  s.values.erase(values, values + static_cast<std::ptrdiff_t>(count * metrics));
}

// After everything that was asked, and after what can be there by now.
network_time label_ahead(const lie& l, const series_query& query, network_time now) {
  return bucket_label(std::max(query.end, now + 2 * fixed_step(query.interval).value_or(days(31))) + l.by,
                      query.interval);
}

network_time label_early(const lie& l, const series_query& query) {
  return bucket_label(query.start - std::max<std::chrono::seconds>(l.by, fixed_step(query.interval).value_or(days(28))),
                      query.interval);
}

// A number beside which the true one counts, since it is less (api.md §3). Beside null any number would count.
double lie_beside(double truth) { return std::isnan(truth) ? truth : lied_value; }

// The lie comes before the truth, an equal copy after it.
void repeat_points(grouped_series& s, std::uint64_t salt, std::size_t metrics) {
  const auto place = scatter(salt + 2) % s.at.size();
  const std::vector<double> same(s.values.begin() + static_cast<std::ptrdiff_t>(place * metrics),
                                 s.values.begin() + static_cast<std::ptrdiff_t>((place + 1) * metrics));
  insert_point(s, place + 1, s.at[place], metrics, 0);
  std::copy(same.begin(), same.end(), s.values.begin() + static_cast<std::ptrdiff_t>((place + 1) * metrics));
  insert_point(s, place, s.at[place], metrics, 0);
  std::transform(same.begin(), same.end(), s.values.begin() + static_cast<std::ptrdiff_t>(place * metrics), lie_beside);
}

void repeat_series(std::vector<grouped_series>& all, std::uint64_t salt) {
  const auto place = scatter(salt + 3) % all.size();
  auto lied = all[place];
  std::transform(lied.values.begin(), lied.values.end(), lied.values.begin(), lie_beside);
  all.insert(all.begin() + static_cast<std::ptrdiff_t>(place), std::move(lied));
}

std::string* some_label(group_labels& labels) {
  for (auto* text : {&labels.region, &labels.fueltech, &labels.fueltech_group, &labels.unit_code}) {
    if (!text->empty()) return text;
  }
  return &labels.region;
}

grouped_series odd_series(const std::vector<grouped_series>& all, std::uint64_t salt, std::string_view oddity) {
  auto added = all[scatter(salt + 4) % all.size()];
  auto* text = some_label(added.labels);
  *text = "a" + std::string(oddity) + "b";
  added.key = *text;
  return added;
}

std::string_view control_character(std::uint64_t salt) {
  using namespace std::string_view_literals;
  constexpr std::array<std::string_view, 4> all{"\0"sv, "\x1b"sv, "\x7f"sv, "\n"sv};
  return all[scatter(salt + 5) % all.size()];
}

void leave_out_series(std::vector<grouped_series>& all, std::uint64_t salt) {
  const auto keep = scatter(salt + 6) % all.size();
  std::size_t number = 0;
  std::erase_if(all, [&](const grouped_series&) {
    const auto now = number++;
    return now != keep && scatter(salt + 7 + now) % 2 == 0;
  });
}

// Labels at the beginning, in the middle or at the end.
void leave_out_labels(grouped_series& s, std::uint64_t salt, std::size_t metrics) {
  if (s.at.size() < 2) return;
  const auto count = 1 + scatter(salt + 8) % (s.at.size() - 1);
  erase_points(s, scatter(salt + 9) % (s.at.size() - count + 1), count, metrics);
}

void leave_out_metric(told_story& a, std::uint64_t salt) {
  const auto metrics = a.query.metrics.size();
  if (metrics < 2) return;
  const auto gone = scatter(salt + 10) % metrics;
  for (auto& s : a.truth) {
    std::size_t place = 0;
    std::erase_if(s.values, [&](double) { return place++ % metrics == gone; });
  }
  a.query.metrics.erase(a.query.metrics.begin() + static_cast<std::ptrdiff_t>(gone));
}

void leave_out(told_story& a, const lie& l) {
  if (l.kind == fault_kind::no_series) leave_out_series(a.truth, l.salt);
  if (l.kind == fault_kind::no_metric) leave_out_metric(a, l.salt);
  if (l.kind != fault_kind::no_labels) return;
  for (std::size_t i = 0; i < a.truth.size(); ++i) {
    if (concerns(l, i, a.truth.size())) leave_out_labels(a.truth[i], l.salt, a.query.metrics.size());
  }
}

void add_points(told_story& a, const lie& l, network_time now) {
  const auto metrics = a.query.metrics.size();
  const auto count = a.told.size();
  for (std::size_t i = 0; i < count; ++i) {
    auto& s = a.told[i];
    if (!concerns(l, i, count)) continue;
    if (l.kind == fault_kind::ahead) insert_point(s, s.at.size(), label_ahead(l, a.query, now), metrics, lied_value);
    if (l.kind == fault_kind::early) insert_point(s, 0, label_early(l, a.query), metrics, lied_value);
    if (l.kind == fault_kind::off_grid) {
      const auto place = scatter(l.salt + i) % s.at.size();
      insert_point(s, place + 1, s.at[place] + off_the_grid(a.query.interval), metrics, lied_value);
    }
    if (l.kind == fault_kind::repeated && scatter(l.salt + 11) % 2 == 0) repeat_points(s, l.salt, metrics);
  }
  if (l.kind == fault_kind::repeated && scatter(l.salt + 11) % 2 == 1) repeat_series(a.told, l.salt);
}

}  // namespace

told_story tell(const lie& l, const series_query& query, std::vector<grouped_series> all, network_time now) {
  told_story a{query, {}, std::move(all), {}};
  leave_out(a, l);
  a.told = a.truth;
  add_points(a, l, now);
  if (l.kind == fault_kind::odd_label) a.told.push_back(odd_series(a.truth, l.salt, control_character(l.salt)));
  if (l.kind == fault_kind::huge_label) {
    constexpr std::array<std::size_t, 3> sizes{300, 20'000, 2'000'000};
    const std::string huge(sizes[scatter(l.salt + 12) % sizes.size()], 'x');
    a.doubted.push_back(odd_series(a.truth, l.salt, huge));
    a.told.push_back(a.doubted.front());
  }
  return a;
}

}  // namespace oes::sim
