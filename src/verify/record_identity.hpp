#pragma once
// Whose a record of a data topic is, by its key and its grouping (records.md §1). Pure.
#include <optional>
#include <string>
#include <string_view>

#include "model/request.hpp"

namespace oes {

/// What has to agree before a record is a series' own: the stream's name alone may have meant another network once.
struct record_identity {
  std::string network;
  std::string interval;
  std::string metric;
  std::string grouping;  ///< empty: the record does not say
  [[nodiscard]] bool agrees(const record_identity& series) const {
    return network == series.network && interval == series.interval && metric == series.metric &&
           (grouping.empty() || grouping == series.grouping);
  }
};

/// Of a key `v1|NEM|5m|power|…` and its record's `grouping`. nullopt: not a key of ours.
std::optional<record_identity> identity_of_record(std::string_view key, std::string_view grouping);
/// Of a group's member; `metric` is `*` for wide records.
record_identity identity_of_series(const group_identity& group, std::string_view metric);
/// The same of what progress holds (canonical()). nullopt: not in that form.
std::optional<record_identity> identity_of_series(std::string_view canonical, std::string_view metric);

}  // namespace oes
