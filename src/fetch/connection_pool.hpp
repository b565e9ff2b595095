#pragma once
// At most a few connections at a time; idle ones are kept for the next request. One thread, no locks.
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <list>
#include <memory>
#include <vector>

#include "async/event.hpp"
#include "fetch/connection.hpp"

namespace oes {

class connection_pool;

/// The right to use one connection; given back by its end. Move-only.
class pool_slot {
 public:
  explicit pool_slot(std::shared_ptr<connection_pool> pool) : pool_(std::move(pool)) {}
  pool_slot(pool_slot&&) noexcept = default;
  pool_slot& operator=(pool_slot&&) = delete;
  ~pool_slot();

  /// A kept connection that still looks usable; null: open a new one.
  std::unique_ptr<connection> take_idle();
  void keep(std::unique_ptr<connection> idle);
  /// One of them turned out closed: the others were opened at about the same time.
  void drop_idle();

 private:
  std::shared_ptr<connection_pool> pool_;  // shared with the client: a destroyed frame still gives its slot back
};

class connection_pool : public std::enable_shared_from_this<connection_pool> {
 public:
  explicit connection_pool(std::size_t size) : free_(size) {}

  /// In the order of asking. Errors: network_error, stopped.
  boost::asio::awaitable<result<pool_slot>> acquire(time_limit deadline);

 private:
  friend class pool_slot;
  struct waiter {
    explicit waiter(const boost::asio::any_io_executor& loop) : bell(loop) {}
    event bell;
    bool granted = false;
  };
  class queue_place;
  void release();

  std::size_t free_;
  std::list<waiter*> queue_;  ///< bounded by the number of request groups, each of which asks once at a time
  std::vector<std::unique_ptr<connection>> idle_;
};

}  // namespace oes
