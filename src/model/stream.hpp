#pragma once
// A configured stream, resolved: what config/ hands to app/ and pipeline/ after every check.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/re_read.hpp"
#include "model/request.hpp"
#include "model/time.hpp"

namespace oes {

/// `start: latest`
struct start_latest {
  bool operator==(const start_latest&) const = default;
};
/// ISO time in network time; a span before now (`-6h`, positive here); or latest.
using stream_start = std::variant<network_time, std::chrono::seconds, start_latest>;

enum class edge_policy { held_back, provisional };
enum class revision_policy { all, first };
enum class record_key_policy { point, series };
enum class record_format { json, avro };

struct stream_spec {
  std::string name;
  network net = network::nem;
  std::vector<std::string> metrics;  ///< any mix of data and market metrics, as written: see endpoint_for()
  interval_size interval = interval_size::m5;
  primary_grouping primary = primary_grouping::network;
  secondary_grouping secondary = secondary_grouping::none;  ///< applies to data metrics only
  series_filter filter;
  record_shape shape = record_shape::long_form;
  stream_start start = std::chrono::seconds(std::chrono::hours(24));
  std::chrono::seconds trigger = std::chrono::minutes(5);
  std::optional<std::chrono::seconds> batch_size;  ///< cap on one request's window (`batch_size_hours`)
  std::string topic;                               ///< template with {dataset} {network} {metric} {interval} {stream}
  edge_policy edge = edge_policy::held_back;
  revision_policy revisions = revision_policy::all;
  std::vector<re_read> re_reads;  ///< empty: usual_re_reads()
  std::chrono::seconds publish_after{0};
  bool publish_nulls = false;
  record_key_policy key = record_key_policy::point;
  bool schema_header = false;  ///< `record.headers: schema`
  record_format format = record_format::json;
  int priority = 0;  ///< higher first when credits are scarce
};

/// What a stream keeps progress of: one metric, or, with wide records, all metrics of one endpoint.
struct stream_part {
  std::string name;  ///< the metric, or `*`
  endpoint from = endpoint::data;
  std::vector<std::string> metrics;  ///< what is asked for; a wide record's columns in their order
};
std::vector<stream_part> parts_of(const stream_spec& stream);

/// `facility_code` is given: every metric is one of unit series, and the endpoint is data/facilities.
inline bool is_of_facilities(const stream_spec& stream) { return !stream.filter.facility_codes.empty(); }

/// The part of a stream that one endpoint serves: data metrics without the market's, and the reverse.
group_identity identity_for(const stream_spec& stream, endpoint from);
/// The topic of one metric of a stream, template filled in.
std::string topic_for(const stream_spec& stream, endpoint from, const std::string& metric);
/// Which endpoint serves a metric as a stream names it: `data/…` and `market/…` say so themselves, the metrics of
/// model/metric.hpp have theirs, all others are asked of market, which has grown most (api.md §2).
endpoint endpoint_for(std::string_view metric);
/// Without the endpoint that may stand before it.
std::string_view metric_name(std::string_view metric);

}  // namespace oes
