#pragma once
// What is asked of the API: the identity of a request group, and one request of it.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/interval.hpp"
#include "model/metric.hpp"
#include "model/network.hpp"
#include "model/time.hpp"

namespace oes {

enum class primary_grouping { network, network_region };
enum class secondary_grouping { none, fueltech, fueltech_group, status, renewable };
enum class record_shape { long_form, wide };
/// Pseudo-metric: all columns of a wide record together, in keys and in progress (records.md §2).
inline constexpr std::string_view wide_metric = "*";

std::string_view code(primary_grouping g);    ///< "network", "network_region"
std::string_view code(secondary_grouping g);  ///< "" for none, else the API's word
std::optional<primary_grouping> parse_primary_grouping(std::string_view text);
std::optional<secondary_grouping> parse_secondary_grouping(std::string_view text);

/// What `facility_code` says instead of codes: every facility of the network that the other filters let through.
inline constexpr std::string_view all_facilities = "all";

/// Filters of data/network and market/network (network_region). Empty: none. With facility_codes the stream is one of
/// facility series, and the others choose among the facilities (region) and their units (fueltechs).
struct series_filter {
  std::string network_region;
  std::vector<std::string> fueltechs;
  std::vector<std::string> fueltech_groups;
  std::vector<std::string> facility_codes;  ///< or only `all`
  bool operator==(const series_filter&) const = default;
};

/// What makes two requests the same series. Metrics and windows are not part of it.
struct group_identity {
  endpoint from = endpoint::data;
  network net = network::nem;
  interval_size interval = interval_size::m5;
  primary_grouping primary = primary_grouping::network;
  secondary_grouping secondary = secondary_grouping::none;
  series_filter filter;
  record_shape shape = record_shape::long_form;
  bool operator==(const group_identity&) const = default;
};

/// One line that states an identity, stable across releases: it is written into progress and compared there.
/// E.g. `network|NEM|5m|network_region/fueltech|region=NSW1|long`.
std::string canonical(const group_identity& id);
/// The records' `grouping` field: `network_region/fueltech`, `network_region`, `fueltech`, `total`.
std::string grouping_name(const group_identity& id);

/// The labels, in the API's names (api.md §3), that tell the series of an answer apart.
struct grouping_labels {
  std::vector<std::string_view> asked;   ///< each series has them; a value may be null
  std::vector<std::string_view> others;  ///< of groupings that were not asked for: no series has them
};
grouping_labels labels_of(const group_identity& id);

/// Labels, half-open; without an end it is a live query, whose newest (provisional) interval the server withholds
/// (api.md §5).
struct time_window {
  network_time start;
  std::optional<network_time> end;
  bool operator==(const time_window&) const = default;
};

struct fetch_request {
  group_identity identity;
  std::vector<std::string> metrics;
  time_window window;
};

}  // namespace oes
