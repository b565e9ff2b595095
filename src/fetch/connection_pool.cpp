#include "fetch/connection_pool.hpp"

#include <boost/asio/this_coro.hpp>

#include "async/clock.hpp"

namespace oes {

namespace asio = boost::asio;

/// A waiter's place in the queue, left on every way out of the wait.
class connection_pool::queue_place {
 public:
  queue_place(connection_pool& pool, waiter& who) : pool_(pool), who_(who) { pool_.queue_.push_back(&who); }
  queue_place(const queue_place&) = delete;
  queue_place& operator=(const queue_place&) = delete;
  ~queue_place() {
    pool_.queue_.remove(&who_);
    if (who_.granted) pool_.release();  // granted, but stopped before it could be used
  }
  /// Takes the granted slot over.
  pool_slot claim() {
    who_.granted = false;
    return pool_slot(pool_.shared_from_this());
  }

 private:
  connection_pool& pool_;
  waiter& who_;
};

asio::awaitable<result<pool_slot>> connection_pool::acquire(time_limit deadline) {
  const auto self = shared_from_this();
  if (free_ > 0) {
    --free_;
    co_return pool_slot(self);
  }
  const auto executor = co_await asio::this_coro::executor;
  waiter me(executor);
  queue_place place(*this, me);
  const bool rung = co_await me.bell.wait_until(deadline);
  if (rung) co_return place.claim();
  if (steady_now() < deadline) co_return error{errc::stopped, "stopped"};
  co_return error{errc::network_error, "all connections to the API stayed busy"};
}

void connection_pool::release() {
  if (queue_.empty()) {
    ++free_;
    return;
  }
  waiter* const next = queue_.front();
  queue_.pop_front();
  next->granted = true;
  next->bell.set();
}

pool_slot::~pool_slot() {
  if (pool_) pool_->release();
}

std::unique_ptr<connection> pool_slot::take_idle() {
  const auto now = steady_now();
  while (!pool_->idle_.empty()) {
    auto newest = std::move(pool_->idle_.back());
    pool_->idle_.pop_back();
    if (is_usable(*newest, now)) return newest;
  }
  return nullptr;
}

void pool_slot::keep(std::unique_ptr<connection> idle) {
  idle->idle_since = steady_now();
  pool_->idle_.push_back(std::move(idle));
}

void pool_slot::drop_idle() { pool_->idle_.clear(); }

}  // namespace oes
