#pragma once
// When a committer's waiting for Kafka has no sense any more: leadership is lost, the daemon stops, or the committer is
// closed.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>

#include "async/event.hpp"
#include "model/error.hpp"
#include "publish/publisher.hpp"

namespace oes {

class session_end {
 public:
  /// `stop`: the daemon's; nullptr where there is none. All outlive this object.
  session_end(publisher& publishes, event& closed, event* stop)
      : publisher_(publishes), closed_(closed), stop_(stop == nullptr ? closed : *stop) {}

  /// Completes with what it was: fenced, stopped. Cancellable.
  boost::asio::awaitable<error> comes();
  /// The same, or nullopt where it has not come in that time.
  boost::asio::awaitable<std::optional<error>> comes_within(std::chrono::milliseconds span);

 private:
  publisher& publisher_;
  event& closed_;
  event& stop_;
};

}  // namespace oes
