#include "app/notify.hpp"

#include <cstdint>

#include "model/utf8.hpp"

#ifdef OES_HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace oes {
namespace {

void notify(const std::string& state) {
#ifdef OES_HAVE_SYSTEMD
  sd_notify(0, state.c_str());
#else
  static_cast<void>(state);
#endif
}

}  // namespace

void notify_ready_once(bool& told) {
  if (told) return;
  told = true;
  notify("READY=1");
}

void notify_stopping() { notify("STOPPING=1"); }
void notify_status(const std::string& line) { notify("STATUS=" + printable(line)); }
void notify_alive() { notify("WATCHDOG=1"); }

void notify_starting(std::chrono::seconds patience) {
  notify("EXTEND_TIMEOUT_USEC=" + std::to_string(std::chrono::microseconds(patience).count()));
}

std::optional<std::chrono::microseconds> watchdog_interval() {
#ifdef OES_HAVE_SYSTEMD
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) > 0) {
    return std::chrono::microseconds(static_cast<std::int64_t>(microseconds / 2));
  }
#endif
  return std::nullopt;
}

}  // namespace oes
