#pragma once
// Which parts of streams travel in one request, and what that costs a day: the daemon groups by it, and check-config
// counts by it. Pure.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "model/stream.hpp"

namespace oes {

/// Parts with equal terms share a request.
struct travel_terms {
  group_identity identity;
  std::chrono::seconds trigger{};
  edge_policy edge = edge_policy::held_back;
  std::optional<std::chrono::seconds> batch_size;
  std::chrono::seconds publish_after{0};
  std::vector<re_read> re_reads;
  std::vector<std::string> columns;  ///< of wide records: an answer is widened once, so all want the same ones
  bool operator==(const travel_terms&) const = default;
};

travel_terms terms_of(const stream_spec& stream, const stream_part& part);

/// Nothing new comes sooner: polls that follow faster cost no request, or find nothing.
std::chrono::seconds natural_distance(interval_size interval);

/// How many windows of at most `longest` a day takes beyond one a poll: news of more time than that, and what is read
/// again but does not fit into a poll's request, comes in several. `trigger`: of polls that are as wanted.
double more_windows_a_day(const std::vector<re_read>& re_reads, interval_size interval, std::chrono::seconds trigger,
                          std::chrono::seconds longest);

/// Windows of a group at the live edge, where credits do not matter. `longest`: what the plan allows in a request.
double windows_a_day(const travel_terms& terms, std::chrono::seconds longest);

}  // namespace oes
