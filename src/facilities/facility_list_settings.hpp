#pragma once
// What can be said of the list of facilities: when it is read, and whether it is published.
#include <chrono>
#include <string>

#include "model/stream.hpp"

namespace oes {

struct facility_list_settings {
  bool enabled = false;  ///< publish it; facility series have it read in any case
  std::chrono::seconds every = std::chrono::hours(24);
  bool tombstones = false;  ///< for units that disappear
  std::string topic = "openelectricity.facilities.v1";
  record_format format = record_format::json;
};

}  // namespace oes
