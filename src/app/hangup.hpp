#pragma once
// SIGHUP: nothing is reloaded yet, and a daemon does not end because a terminal did.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/signal_set.hpp>

#include "telemetry/log.hpp"

namespace oes {

/// From its construction on SIGHUP is told in the log and nothing else; also afterwards it does not end the process.
class hangup_listener {
 public:
  hangup_listener(const boost::asio::any_io_executor& loop, logger& log);
  ~hangup_listener();
  hangup_listener(const hangup_listener&) = delete;
  hangup_listener& operator=(const hangup_listener&) = delete;

 private:
  void listen();

  boost::asio::signal_set signals_;
  logger& log_;
};

}  // namespace oes
