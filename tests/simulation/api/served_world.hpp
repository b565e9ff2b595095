#pragma once
// What the API has to say: every value of every point with the instant from which it is served, a function of the seed.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/error.hpp"
#include "model/request.hpp"
#include "model/time.hpp"
#include "simulation/api/served_grid.hpp"
#include "simulation/api/told_answer.hpp"

namespace oes::simulation {

struct served_version {
  utc_time from;
  std::string text;  ///< a number, or null
};

/// What is drawn of an API's ways.
struct api_ways {
  int regions = 1;                   ///< 0: one series, of the network
  std::chrono::minutes every{5};     ///< labels of five minutes are so far apart
  std::optional<utc_time> repaired;  ///< from then on some old labels have another value
  served_grid grid;
  bool nulls = false;
  bool early = false;  ///< what there is of a bucket is served before it is over
};

class served_world {
 public:
  served_world(std::uint64_t seed, const api_ways& ways);

  /// In the order in which they are served; neighbours differ.
  [[nodiscard]] std::vector<served_version> versions(const std::string& metric, const std::string& region,
                                                     network_time label) const;
  /// What there is; series without a row are left out.
  [[nodiscard]] told_answer answer(const fetch_request& asked, utc_time now) const;
  [[nodiscard]] const std::vector<std::string>& regions() const { return regions_; }
  [[nodiscard]] const served_grid& grid() const { return ways_.grid; }

 private:
  [[nodiscard]] network_time first_at(network_time from) const;
  [[nodiscard]] told_series series_of(const std::string& metric, const std::string& region, const time_window& window,
                                      utc_time now) const;

  std::uint64_t seed_;
  api_ways ways_;
  std::vector<std::string> regions_;
};

}  // namespace oes::simulation
