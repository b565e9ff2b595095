#include "pipeline/children.hpp"

#include <boost/asio/co_spawn.hpp>

namespace oes {

namespace asio = boost::asio;

void children::start(asio::awaitable<void> work) {
  ++running_;
  asio::co_spawn(loop_, std::move(work), [this](const std::exception_ptr& failure) {
    if (failure && !first_failure_) first_failure_ = failure;
    --running_;
    if (running_ == 0 && joining_) all_done_.set();
  });
}

asio::awaitable<void> children::join() {
  joining_ = true;
  if (running_ > 0) co_await all_done_.wait();
  if (first_failure_) std::rethrow_exception(first_failure_);
}

}  // namespace oes
