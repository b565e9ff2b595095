#pragma once
// Streams → request groups: what can travel in one request does (model/travel_terms). Pure.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/progress.hpp"
#include "model/re_read.hpp"
#include "model/stream.hpp"
#include "records/record_options.hpp"

namespace oes {

/// One (stream, metric) of a group; of a wide stream (stream, `*`).
struct tracked_metric {
  member_key key;
  stream_start start;
  bool publish_nulls = false;
  revision_policy revisions = revision_policy::all;
  std::vector<std::string> metrics;  ///< what is asked for: its metric, or the columns of its wide records
  record_options options;
  [[nodiscard]] const std::string& stream() const { return key.first; }
  [[nodiscard]] const std::string& metric() const { return key.second; }
};

/// Members with equal travel_terms: one request asks for them, and one schedule.
struct request_group {
  group_identity identity;
  std::chrono::seconds trigger{};
  edge_policy edge = edge_policy::held_back;
  std::optional<std::chrono::seconds> batch_size;
  std::chrono::seconds publish_after{0};
  int priority = 0;
  std::vector<re_read> re_reads;
  std::vector<tracked_metric> members;

  /// Its wall clock: behind the real one where its points are held back (`publish_after`).
  [[nodiscard]] network_time now(utc_time real) const { return to_network_time(real, identity.net) - publish_after; }
};

/// Groups in the order of the streams that opened them.
std::vector<request_group> make_groups(const std::vector<stream_spec>& streams);

/// What a member's progress is of (member_progress::identity): canonical(), and Avro where its records are that.
std::string identity_of(const request_group& group, const tracked_metric& member);
/// Whether such an identity names Avro.
bool is_of_avro(std::string_view identity);

/// How many metrics a request for the whole group names.
std::size_t metrics_in(const request_group& group);

/// For logs: the streams of a group, joined by `,`.
std::string stream_names(const request_group& group);

}  // namespace oes
