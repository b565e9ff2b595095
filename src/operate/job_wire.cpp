#include "operate/job_wire.hpp"

#include <utility>

namespace oes {

namespace asio = boost::asio;

job_wire::job_wire(const asio::any_io_executor& loop) : bell_(loop), end_(loop) {}

void job_wire::tell(job_progress news) {
  latest_ = std::move(news);
  fresh_ = true;
  bell_.set();
}

void job_wire::finish() {
  over_ = true;
  bell_.set();
  end_.set();
}

asio::awaitable<std::optional<job_progress>> job_wire::next(std::chrono::seconds silence) {
  while (!over_) {
    if (!fresh_) {
      bell_.clear();
      const bool rung = co_await bell_.wait_for(silence);
      if (over_) break;
      if (!rung && latest_) fresh_ = true;
    }
    if (std::exchange(fresh_, false)) co_return latest_;
  }
  co_return std::nullopt;
}

asio::awaitable<void> job_wire::over() {
  const bool ended = co_await end_.wait();
  static_cast<void>(ended);
}

}  // namespace oes
