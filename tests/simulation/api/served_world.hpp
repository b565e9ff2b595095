#pragma once
// What the API has to say: every value of every point with the instant from which it is served, a function of the seed.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/error.hpp"
#include "model/request.hpp"
#include "model/time.hpp"
#include "simulation/api/told_answer.hpp"

namespace oes::simulation {

struct served_version {
  utc_time from;
  std::string text;
};

class served_world {
 public:
  /// `every`: labels are so far apart. `repaired`: from then on some labels of two hours before and more have another
  /// value.
  served_world(std::uint64_t seed, int regions, std::chrono::minutes every = std::chrono::minutes(5),
               std::optional<utc_time> repaired = {});

  /// In the order in which they are served; neighbours differ.
  [[nodiscard]] std::vector<served_version> versions(const std::string& metric, const std::string& region,
                                                     network_time label) const;
  /// What there is; series without a row are left out.
  [[nodiscard]] told_answer answer(const fetch_request& asked, utc_time now) const;
  [[nodiscard]] const std::vector<std::string>& regions() const { return regions_; }

 private:
  [[nodiscard]] told_series series_of(const std::string& metric, const std::string& region, const time_window& window,
                                      utc_time now) const;

  std::uint64_t seed_;
  std::chrono::minutes every_;
  std::optional<utc_time> repaired_;
  std::vector<std::string> regions_;
};

}  // namespace oes::simulation
