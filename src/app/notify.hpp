#pragma once
// systemd's notifications; does nothing where libsystemd or the socket is absent.
#include <string>

namespace oes {

void notify_ready();
void notify_stopping();
void notify_status(const std::string& line);

}  // namespace oes
