#include "simulator/buckets.hpp"

#include <doctest/doctest.h>

using namespace oes::sim;
using oes::interval_size;

namespace {
std::string label(const char* at, interval_size size) {
  return oes::format(bucket_label(*oes::parse_network_time(at), size)).substr(0, 16);
}
}  // namespace

TEST_CASE("buckets carry the labels that the API gives them") {
  CHECK(label("2026-11-22T10:07:00", interval_size::m5) == "2026-11-22T10:05");
  CHECK(label("2026-11-22T10:55:00", interval_size::h1) == "2026-11-22T10:00");
  CHECK(label("2026-11-22T10:55:00", interval_size::d1) == "2026-11-22T00:00");
  CHECK(label("2026-11-03T10:55:00", interval_size::d7) == "2026-11-01T00:00");  // a Sunday
  CHECK(label("2026-11-03T10:55:00", interval_size::mo1) == "2026-11-01T00:00");
  CHECK(label("2026-11-03T10:55:00", interval_size::mo3) == "2026-10-01T00:00");
  CHECK(label("2026-11-03T10:55:00", interval_size::y1) == "2026-01-01T00:00");
}

TEST_CASE("seasons and financial years keep the server's odd labels") {
  CHECK(label("2026-12-15T00:00:00", interval_size::season) == "2026-10-01T00:00");
  CHECK(label("2026-01-15T00:00:00", interval_size::season) == "2026-10-01T00:00");
  CHECK(label("2026-04-15T00:00:00", interval_size::season) == "2026-01-01T00:00");
  CHECK(label("2026-07-15T00:00:00", interval_size::season) == "2026-04-01T00:00");
  CHECK(label("2026-11-15T00:00:00", interval_size::season) == "2026-07-01T00:00");
  CHECK(label("2026-06-30T23:55:00", interval_size::fy) == "2026-01-01T00:00");
  CHECK(label("2026-07-01T00:00:00", interval_size::fy) == "2027-01-01T00:00");
}

TEST_CASE("gaps are filled along the calendar") {
  const auto first = *oes::parse_network_time("2026-11-01T00:00:00");
  const auto last = *oes::parse_network_time("2027-02-01T00:00:00");
  CHECK(labels_between(first, last, interval_size::mo1).size() == 4);
  CHECK(labels_between(first, first, interval_size::m5).size() == 1);
}
