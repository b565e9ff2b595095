#include "app/hangup.hpp"

#include <csignal>

namespace oes {

hangup_listener::hangup_listener(const boost::asio::any_io_executor& loop, logger& log)
    : signals_(loop, SIGHUP), log_(log) {
  listen();
}

hangup_listener::~hangup_listener() {
  signals_.clear();  // Asio puts the default action back, which ends the process
  std::signal(SIGHUP, SIG_IGN);
}

void hangup_listener::listen() {
  signals_.async_wait([this](const boost::system::error_code& cancelled, int) {
    if (cancelled) return;  // `this` is gone
    log_.warn("SIGHUP: ignored; a changed configuration needs a restart");
    listen();
  });
}

}  // namespace oes
