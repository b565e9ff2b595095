#include "jobs/job_wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace oes {

namespace asio = boost::asio;

job_wire::job_wire(const asio::any_io_executor& loop)
    : bell_(loop), end_(loop, asio::steady_timer::time_point::max()) {}

void job_wire::tell(job_progress news) {
  latest_ = std::move(news);
  fresh_ = true;
  bell_.cancel();
}

void job_wire::finish() {
  over_ = true;
  bell_.cancel();
  end_.cancel();
}

asio::awaitable<std::optional<job_progress>> job_wire::next(std::chrono::seconds silence) {
  while (!over_) {
    if (!fresh_) {
      bell_.expires_after(silence);
      auto [cancelled] = co_await bell_.async_wait(asio::as_tuple(asio::use_awaitable));
      if (over_) break;
      if (!cancelled && latest_) fresh_ = true;
    }
    if (std::exchange(fresh_, false)) co_return latest_;
  }
  co_return std::nullopt;
}

asio::awaitable<void> job_wire::over() {
  if (over_) co_return;
  auto [cancelled] = co_await end_.async_wait(asio::as_tuple(asio::use_awaitable));
  static_cast<void>(cancelled);
}

}  // namespace oes
