#pragma once
// What a read_committed reader finds in the data topics.
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "model/time.hpp"
#include "simulation/kafka/cluster.hpp"

namespace oes::simulation {

struct found_record {
  int revision = 0;
  std::int64_t version = 0;
  std::string value;
  virtual_time at{};  ///< when it was appended
  bool wide = false;  ///< a column of a record that has others too, or, as the metric `*`, the whole of it
};
/// Topic, metric, region, label.
using point_name = std::tuple<std::string, std::string, std::string, network_time>;
using found_points = std::map<point_name, std::vector<found_record>>;

struct found_records {
  found_points points;
  std::size_t count = 0;
  std::vector<std::string> faults;  ///< what is no record, and what is held back
};

/// Its records are units, and no points.
inline bool is_list_of_facilities(const std::string& topic) { return topic == "openelectricity.facilities.v1"; }

found_records read_committed(const cluster& kafka);
std::string text_of(const point_name& point);

}  // namespace oes::simulation
