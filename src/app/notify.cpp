#include "app/notify.hpp"

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

void notify_ready() { notify("READY=1"); }
void notify_stopping() { notify("STOPPING=1"); }
void notify_status(const std::string& line) { notify("STATUS=" + line); }

}  // namespace oes
