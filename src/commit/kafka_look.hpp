#pragma once
// The committer's look at Kafka: the progress topic to its end, and the ends of the data topics, until they show at
// least what this process has committed.
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>

#include "commit/comparison.hpp"
#include "commit/patient_look.hpp"
#include "progress/progress_store.hpp"

namespace oes {

class kafka_look {
 public:
  /// `is_written`: whether a topic is compared; empty: all are. `told`: why it goes on looking.
  kafka_look(progress_store& store, look_patience how, std::function<bool(const std::string& topic)> is_written,
             std::function<void(const error& why)> told)
      : store_(store), how_(how), is_written_(std::move(is_written)), told_(std::move(told)) {}

  /// Until Kafka can be read nothing may be sent: the same records could already be there. What still falls short of
  /// `known` is for compare() to refuse; it stays as it is until this ends. May be called again meanwhile. Errors:
  /// damaged, refused: reading again does not mend it; stopped: cancelled.
  boost::asio::awaitable<result<kafka_view>> at(const progress_snapshot& known);

 private:
  struct newest {
    kafka_view seen;
    std::optional<error> refused;  ///< it could not be read, and never will
  };
  boost::asio::awaitable<result<glimpse>> once(const progress_snapshot& known, newest& look);
  boost::asio::awaitable<glimpse> unread(const progress_snapshot& known, error why, newest& look);

  progress_store& store_;
  look_patience how_;
  std::function<bool(const std::string& topic)> is_written_;
  std::function<void(const error& why)> told_;
};

}  // namespace oes
