#include "operate/control_socket.hpp"

#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace oes {
namespace {

constexpr auto file_name = "/control.sock";
constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;

}  // namespace

result<control_socket> control_socket::in(const std::string& folder) {
  const auto path = folder + file_name;
  if (path.size() <= longest) return control_socket(path, -1);
  const int fd = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    return error{errc::io_error, "cannot open progress_path " + folder + ": " + std::system_category().message(errno)};
  }
  return control_socket("/proc/self/fd/" + std::to_string(fd) + file_name, fd);
}

control_socket::~control_socket() {
  if (folder_ >= 0) ::close(folder_);
}

control_socket::control_socket(control_socket&& other) noexcept
    : address_(std::move(other.address_)), folder_(std::exchange(other.folder_, -1)) {}

}  // namespace oes
