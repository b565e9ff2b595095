#include "commit/patient_look.hpp"

#include <optional>

#include "async/timer.hpp"

namespace oes {

namespace asio = boost::asio;

namespace {

constexpr int enough_looks = 2;

}  // namespace

asio::awaitable<result<bool>> look_patiently(std::function<asio::awaitable<result<glimpse>>()> look, look_patience how,
                                             std::function<void(const error& why)> told) {
  // Two glimpses of a broker that lags behind, with a while between them in which none could be had, are no long look.
  std::optional<steady_time> less_since;
  int in_a_row = 0;
  while (true) {
    auto looking = look();
    auto seen = co_await std::move(looking);
    if (!seen) co_return seen.error();
    if (seen->what == glimpse::kind::whole) co_return true;
    if (seen->what == glimpse::kind::nothing) {
      less_since.reset();
      in_a_row = 0;
    }
    if (seen->what == glimpse::kind::less) {
      const auto now = steady_now();
      if (!less_since) less_since = now;
      ++in_a_row;
      if (now - *less_since >= how.lag && (in_a_row >= enough_looks || how.lag.count() == 0)) co_return false;
      seen->why = "a broker that lags behind may have been asked: " + seen->why;
    }
    told({errc::kafka_unavailable, std::move(seen->why)});
    const bool passed = co_await pause_for(how.pause);
    if (!passed) co_return error{errc::stopped, "stopped while Kafka was read"};
  }
}

}  // namespace oes
