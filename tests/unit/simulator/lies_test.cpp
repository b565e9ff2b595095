#include "simulator/lies.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "simulator/envelope.hpp"
#include "simulator/render.hpp"

using namespace oes::sim;
using std::chrono::minutes;

namespace {

const auto start = oes::network_time(std::chrono::local_days(std::chrono::year(2026) / 3 / 10));
constexpr std::size_t points = 12;

series_query market() {
  series_query q;
  q.kind = query_kind::market;
  q.primary = oes::primary_grouping::network_region;
  q.metrics = {find_metric_entry("price"), find_metric_entry("demand")};
  q.start = start;
  q.end = start + points * minutes(5);
  return q;
}

std::vector<grouped_series> three_regions() {
  std::vector<grouped_series> all;
  for (const auto* region : {"NSW1", "QLD1", "VIC1"}) {
    grouped_series s;
    s.key = s.labels.region = region;
    for (std::size_t i = 0; i < points; ++i) {
      s.at.push_back(start + i * minutes(5));
      s.values.push_back(static_cast<double>(i));
      s.values.push_back(static_cast<double>(100 + i));
    }
    all.push_back(std::move(s));
  }
  return all;
}

told_story told(fault_kind kind, std::uint64_t salt, std::chrono::seconds by = std::chrono::hours(24)) {
  return tell({kind, by, salt}, market(), three_regions(), start + points * minutes(5));
}

std::size_t count_points(const std::vector<grouped_series>& all) {
  std::size_t count = 0;
  for (const auto& s : all) count += s.at.size();
  return count;
}

// Of each label the last point, as a client reads it.
bool reads_as_truth(const told_story& a) {
  std::map<std::pair<std::string, oes::network_time>, double> read;
  for (const auto& s : a.told) {
    for (std::size_t i = 0; i < s.at.size(); ++i) read[{s.key, s.at[i]}] = s.values[i * a.query.metrics.size()];
  }
  std::size_t found = 0;
  for (const auto& s : a.truth) {
    for (std::size_t i = 0; i < s.at.size(); ++i, ++found) {
      if (read.at({s.key, s.at[i]}) != s.values[i * a.query.metrics.size()]) return false;
    }
  }
  return found == read.size();
}

}  // namespace

TEST_CASE("labels ahead, early and off the grid are told and are no truth") {
  for (const auto kind : {fault_kind::ahead, fault_kind::early, fault_kind::off_grid}) {
    std::set<std::size_t> added;
    for (std::uint64_t salt = 0; salt < 50; ++salt) {
      const auto a = told(kind, salt);
      CHECK(a.truth.size() == 3);
      CHECK(count_points(a.truth) == 3 * points);
      added.insert(count_points(a.told) - count_points(a.truth));
      for (const auto& s : a.told) {
        for (const auto label : s.at) {
          const bool outside = label < start || label >= start + points * minutes(5);
          const bool off = (label - start) % minutes(5) != minutes(0);
          const bool true_label = std::ranges::count(a.truth.front().at, label) == 1;
          CHECK(true_label == !(outside || off));
          if (outside) CHECK((label > start) == (kind == fault_kind::ahead));
        }
      }
    }
    CHECK(added == std::set<std::size_t>{1, 3});  // one series or all of them
  }
}

TEST_CASE("a label ahead is later than what can be there, by as much as ordered") {
  const auto a = told(fault_kind::ahead, 2, std::chrono::days(365));
  oes::network_time latest{};
  for (const auto& s : a.told) latest = std::max(latest, s.at.back());
  CHECK(latest - (start + points * minutes(5)) >= std::chrono::days(365));
}

TEST_CASE("of a point that is repeated the last copy is true") {
  for (std::uint64_t salt = 0; salt < 50; ++salt) {
    const auto a = told(fault_kind::repeated, salt);
    CHECK(count_points(a.told) > count_points(a.truth));
    CHECK(reads_as_truth(a));
  }
}

TEST_CASE("what is left out is in neither, and something always remains") {
  std::size_t fewer_series = 0;
  std::size_t fewer_labels = 0;
  for (std::uint64_t salt = 0; salt < 50; ++salt) {
    const auto series = told(fault_kind::no_series, salt);
    CHECK_FALSE(series.truth.empty());
    CHECK(count_points(series.told) == count_points(series.truth));
    fewer_series += series.truth.size() < 3 ? 1 : 0;
    const auto labels = told(fault_kind::no_labels, salt);
    for (const auto& s : labels.truth) CHECK_FALSE(s.at.empty());
    CHECK(reads_as_truth(labels));
    fewer_labels += count_points(labels.truth) < 3 * points ? 1 : 0;
  }
  CHECK(fewer_series > 25);
  CHECK(fewer_labels == 50);
}

TEST_CASE("a metric left out takes its values with it") {
  const auto a = told(fault_kind::no_metric, 1);
  REQUIRE(a.query.metrics.size() == 1);
  const double first = a.query.metrics.front()->name == "price" ? 0 : 100;
  CHECK(a.told.front().values.size() == points);
  CHECK(a.told.front().values.front() == first);
}

TEST_CASE("a series with a control character is a lie, one with a huge label may be believed") {
  for (std::uint64_t salt = 0; salt < 20; ++salt) {
    const auto odd = told(fault_kind::odd_label, salt);
    CHECK(odd.told.size() == 4);
    CHECK(odd.told.back().labels.region.size() == 3);
    CHECK(odd.doubted.empty());
    const auto huge = told(fault_kind::huge_label, salt);
    CHECK(huge.told.back().labels.region.size() >= 300);
    CHECK(huge.doubted.size() == 1);
    CHECK(huge.truth.size() == 3);
  }
}

TEST_CASE("an answer with a lie in it is as well-formed as any") {
  const auto a = told(fault_kind::odd_label, 4);
  const auto body = render_series(a.query, a.told, *oes::parse_utc("2026-03-10T00:00:00Z"), false).body;
  CHECK(body.find('\0') == std::string::npos);
  CHECK(body.ends_with("}"));
}

TEST_CASE("a Date header names the weekday") {
  CHECK(http_date(*oes::parse_utc("2026-11-23T10:05:09.500Z")) == "Mon, 23 Nov 2026 10:05:09 GMT");
  CHECK(http_date(*oes::parse_utc("2027-01-01T00:00:00Z")) == "Fri, 01 Jan 2027 00:00:00 GMT");
}
