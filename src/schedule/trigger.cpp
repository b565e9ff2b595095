#include "schedule/trigger.hpp"

namespace oes {

utc_time next_trigger(utc_time now, const trigger_settings& settings, double scatter) {
  using std::chrono::microseconds;
  const auto every = std::chrono::duration_cast<microseconds>(settings.every);
  const auto jitter = static_cast<double>(std::chrono::duration_cast<microseconds>(settings.jitter).count());
  // An offset longer than the interval would skip nothing but mislead: only its remainder counts.
  const auto late = (std::chrono::duration_cast<microseconds>(settings.offset) +
                     microseconds(static_cast<std::int64_t>(jitter * scatter))) %
                    every;
  const auto since = now.time_since_epoch() - late;
  auto periods = since / every;
  if (since < microseconds(0) && since % every != microseconds(0)) --periods;
  return utc_time((periods + 1) * every + late);
}

}  // namespace oes
