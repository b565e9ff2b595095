#include "publish/kafka_publisher.hpp"

#include <atomic>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "async/blocking.hpp"
#include "async/event.hpp"
#include "async/timer.hpp"
#include "kafka/fault.hpp"
#include "publish/deadline.hpp"
#include "publish/leader_session.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr auto tick_while_waiting = std::chrono::milliseconds(25);
constexpr auto tick_while_leading = std::chrono::milliseconds(200);
/// A transaction on its way when resign() is called may still end well within this.
constexpr auto grace = std::chrono::milliseconds(1500);

/// Serves the group on the blocking thread for as long as the publisher lives. Shared by the publisher and by jobs on
/// their way to the blocking thread, so that a job never finds it gone.
class blocking_side : public std::enable_shared_from_this<blocking_side> {
 public:
  blocking_side(publish_settings settings, std::string instance, std::function<void()> on_lost,
                const asio::any_io_executor& blocking, logger& log, std::shared_ptr<producer_watch> watch)
      : ticker_(blocking),
        session_(std::move(settings), std::move(instance), stop_, std::move(on_lost), log, std::move(watch)) {}

  stop_request& stop() { return stop_; }
  /// From any thread.
  [[nodiscard]] std::string waits_for() const {
    const std::lock_guard lock(mutex_);
    return waits_for_;
  }
  leader_session& on_thread() { return session_; }
  /// On the blocking thread, when an answer is on its way to the loop.
  void note_right() {
    epoch_ = session_.current_authority().epoch;
    producer_ = session_.current_authority().producer;
  }
  /// From any thread.
  [[nodiscard]] authority current_authority() const { return {epoch_, producer_}; }

  void keep_ticking() {
    if (!ticking_) {
      ticking_ = true;
      tick_again();
    }
  }
  void stop_ticking() {
    ticking_ = false;
    ticker_.cancel();
  }

 private:
  void note() {
    const std::lock_guard lock(mutex_);
    waits_for_ = session_.waits_for();
  }
  void tick_again() {
    const auto pause = session_.leads() ? tick_while_leading : tick_while_waiting;
    ticker_.call_after(pause, [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (self && self->ticking_) {
        self->session_.tick();
        self->note();
        self->tick_again();
      }
    });
  }

  stop_request stop_;
  call_timer ticker_;
  bool ticking_ = false;
  std::atomic<std::int64_t> epoch_ = 0;
  std::atomic<std::int64_t> producer_ = 0;
  mutable std::mutex mutex_;
  std::string waits_for_;
  leader_session session_;
};

class kafka_publisher final : public publisher {
 public:
  kafka_publisher(publish_settings settings, std::string instance, asio::any_io_executor loop,
                  asio::any_io_executor blocking, logger& log, std::shared_ptr<producer_watch> watch)
      : blocking_(std::move(blocking)), bell_(std::make_shared<event>(loop)) {
    auto ring = [loop = std::move(loop), weak = std::weak_ptr(bell_)] {
      asio::post(loop, [weak] {
        if (const auto bell = weak.lock()) bell->set();
      });
    };
    side_ = std::make_shared<blocking_side>(std::move(settings), std::move(instance), std::move(ring), blocking_, log,
                                            std::move(watch));
  }

  ~kafka_publisher() override {
    side_->stop().ask(std::chrono::milliseconds(0));
    asio::post(blocking_, [side = side_] {
      side->stop_ticking();
      side->on_thread().resign();
      side->on_thread().destroy_later();
    });
  }

  awaitable<result<void>> lead() override;
  [[nodiscard]] authority current_authority() const override { return side_->current_authority(); }
  awaitable<result<commit_receipt>> publish(const transaction& txn) override;
  [[nodiscard]] std::string waits_for() const override { return side_->waits_for(); }
  awaitable<void> lost() override;
  void renew(property_pairs properties, client_renewal how) override {
    asio::post(blocking_, [side = side_, properties = std::move(properties), how]() mutable {
      side->on_thread().renew(std::move(properties), how);
    });
  }
  awaitable<void> resign() override;

 private:
  asio::any_io_executor blocking_;
  /// Set on the loop when leadership is gone. Shared with the blocking side, which may set it after the publisher went.
  std::shared_ptr<event> bell_;
  std::shared_ptr<blocking_side> side_;
};

awaitable<result<void>> kafka_publisher::lead() {
  side_->stop().withdraw();
  bell_->clear();
  for (;;) {
    const std::function<result<bool>()> step = [side = side_]() -> result<bool> {
      if (side->stop().asked()) {
        return false;  // resign() was here first: do not join again
      }
      side->keep_ticking();
      auto leads = side->on_thread().step_to_lead();
      side->note_right();
      return leads;
    };
    const result<bool> leads = co_await run_blocking(blocking_, step);
    if (!leads) co_return leads.error();
    if (*leads) {
      const result<void> leading;  // named: g++ 12 with sanitizers takes a temporary's other half for uninitialised
      co_return leading;
    }
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none || side_->stop().asked())
      co_return fault(errc::stopped, "stopped while waiting for leadership");
    const bool passed = co_await pause_for(tick_while_waiting);
    if (!passed) co_return fault(errc::stopped, "stopped while waiting for leadership");
  }
}

awaitable<result<commit_receipt>> kafka_publisher::publish(const transaction& txn) {
  const std::function<result<commit_receipt>()> job = [side = side_, &txn] {
    auto receipt = side->on_thread().publish(txn);
    side->note_right();
    return receipt;
  };
  result<commit_receipt> receipt = co_await run_blocking(blocking_, job);
  co_return receipt;
}

awaitable<void> kafka_publisher::lost() {
  const auto bell = bell_;
  const bool rung = co_await bell->wait();
  static_cast<void>(rung);  // cancelled: whoever waited is on its way out
}

awaitable<void> kafka_publisher::resign() {
  side_->stop().ask(grace);
  const std::function<bool()> job = [side = side_] {
    side->stop_ticking();
    side->on_thread().resign();
    return true;
  };
  const bool done = co_await run_blocking(blocking_, job);
  static_cast<void>(done);
  asio::post(blocking_, [side = side_] { side->on_thread().destroy_later(); });
  bell_->set();
}

}  // namespace

std::unique_ptr<publisher> make_kafka_publisher(publish_settings settings, std::string instance,
                                                asio::any_io_executor loop, asio::any_io_executor blocking, logger& log,
                                                std::shared_ptr<producer_watch> watch) {
  return std::make_unique<kafka_publisher>(std::move(settings), std::move(instance), std::move(loop),
                                           std::move(blocking), log, std::move(watch));
}

}  // namespace oes
