#include "commit/patient_look.hpp"

#include <optional>

#include "async/timer.hpp"

namespace oes {

namespace asio = boost::asio;

asio::awaitable<result<bool>> look_patiently(std::function<asio::awaitable<result<glimpse>>()> look, look_patience how,
                                             std::function<void(const error& why)> told) {
  std::optional<steady_time> less_since;
  while (true) {
    auto looking = look();
    auto seen = co_await std::move(looking);
    if (!seen) co_return seen.error();
    if (seen->what == glimpse::kind::whole) co_return true;
    if (seen->what == glimpse::kind::less) {
      const auto now = steady_now();
      if (!less_since) less_since = now;
      if (now - *less_since >= how.lag) co_return false;
      seen->why = "a broker that lags behind may have been asked: " + seen->why;
    }
    told({errc::kafka_unavailable, std::move(seen->why)});
    const bool passed = co_await pause_for(how.pause);
    if (!passed) co_return error{errc::stopped, "stopped while Kafka was read"};
  }
}

}  // namespace oes
