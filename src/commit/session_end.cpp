#include "commit/session_end.hpp"

#include <utility>

#include "async/race.hpp"
#include "async/timer.hpp"

namespace oes {

namespace asio = boost::asio;

asio::awaitable<error> session_end::comes() {
  auto losing = publisher_.lost();
  auto closing = closed_.wait();
  auto stopping = stop_.wait();
  auto racing = race(std::move(losing), std::move(closing), std::move(stopping));
  const auto first = co_await std::move(racing);
  if (first.index() == 0) co_return error{errc::fenced, "leadership was lost while Kafka was waited for"};
  co_return error{errc::stopped, "stopped while Kafka was waited for; the next start settles it"};
}

asio::awaitable<std::optional<error>> session_end::comes_within(std::chrono::milliseconds span) {
  auto passing = pause_for(span);
  auto ending = comes();
  auto racing = race(std::move(passing), std::move(ending));
  auto first = co_await std::move(racing);
  if (first.index() == 0) co_return std::nullopt;
  co_return std::get<1>(std::move(first));
}

}  // namespace oes
