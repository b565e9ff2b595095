#pragma once
// systemd's notifications; does nothing where libsystemd or the socket is absent.
#include <chrono>
#include <optional>
#include <string>

namespace oes {

/// The start is through: topics were looked at, or Kafka is being waited for. `told`: it was told before.
void notify_ready_once(bool& told);
void notify_stopping();
void notify_status(const std::string& line);
/// A start that takes its time is not given up within `patience` from now.
void notify_starting(std::chrono::seconds patience);
/// The loop turns; to be told every watchdog_interval().
void notify_alive();
/// Half of what the service manager waits before it ends a process that does not turn (WatchdogSec); nullopt: it does
/// not watch.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace oes
