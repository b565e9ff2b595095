#pragma once
// The port `source` in a world: answers after a while, or not at all.
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "async/clock.hpp"
#include "fetch/source.hpp"
#include "simulation/api/key_service.hpp"
#include "simulation/api/served_facilities.hpp"
#include "simulation/api/served_log.hpp"
#include "simulation/api/served_world.hpp"

namespace oes::simulation {

/// How requests fare, in thousandths of them.
struct api_faults {
  int failing = 0;  ///< 5xx, refused connections, time-outs
  bool away = false;
  int lying = 0;                    ///< api/lies.hpp
  std::chrono::seconds date_off{};  ///< of the Date that answers name
};

struct simulated_api {
  const served_world& what;
  std::function<utc_time()> now;  ///< the API's own
  std::function<std::uint64_t()> draw;
  api_faults faults{};
  std::function<void(const std::string&)> tell;
  std::vector<served_answer> log{};
  key_service key{{}, true};
  const served_facilities* units = nullptr;  ///< the list of facilities; nullptr: it has none
  unsigned hurry = 1;  ///< answers come so many times as soon, where the API's time is that much faster
};

std::unique_ptr<source> make_simulated_source(simulated_api& api, time_source& clock);

}  // namespace oes::simulation
