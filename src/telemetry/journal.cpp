#include "telemetry/journal.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "telemetry/log_line.hpp"

namespace oes {
namespace {

constexpr std::string_view stdout_socket = "/systemd/journal/stdout";
constexpr std::string_view native_socket = "/run/systemd/journal/socket";

std::string field_name(std::string_view key) {
  std::string name = "OES_";
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    name += std::isalnum(byte) != 0 ? static_cast<char>(std::toupper(byte)) : '_';
  }
  return name;
}

// A value with a line break is told by its length; ours have none left, and a value of others may.
void put(std::string& entry, std::string_view name, std::string_view value) {
  entry.append(name);
  if (value.find('\n') == std::string_view::npos) {
    entry.append("=").append(value);
  } else {
    entry.push_back('\n');
    for (unsigned shift = 0; shift < 64; shift += 8) entry.push_back(static_cast<char>(value.size() >> shift & 0xff));
    entry.append(value);
  }
  entry.push_back('\n');
}

}  // namespace

bool reaches_journal(int fd) {
  sockaddr_un peer{};
  socklen_t size = sizeof peer;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0 || peer.sun_family != AF_UNIX) return false;
  const auto length = std::min<std::size_t>(size, sizeof peer) - offsetof(sockaddr_un, sun_path);
  std::string_view path(peer.sun_path, length);
  path = path.substr(0, path.find('\0'));
  return path.ends_with(stdout_socket);
}

int open_journal() {
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  sockaddr_un there{};
  there.sun_family = AF_UNIX;
  std::memcpy(there.sun_path, native_socket.data(), native_socket.size());
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0) return fd;
  ::close(fd);
  return -1;
}

int priority_of(std::string_view level) {
  if (level == "critical") return 2;
  if (level == "error") return 3;
  if (level == "warn") return 4;
  return level == "info" ? 6 : 7;
}

std::string journal_entry(std::string_view level, std::string_view sentence, log_fields fields) {
  std::string entry;
  put(entry, "MESSAGE", sentence_with_fields(sentence, fields));
  put(entry, "PRIORITY", std::to_string(priority_of(level)));
  put(entry, "SYSLOG_IDENTIFIER", "openelectricity-stream");
  for (const auto& field : fields) put(entry, field_name(field.key), field.value);
  entry.pop_back();  // whoever writes it ends it
  return entry;
}

std::string prefixed_line(std::string_view level, std::string_view line) {
  return "<" + std::to_string(priority_of(level)) + ">" + std::string(line);
}

std::string told_on_stderr(std::string_view level, std::string_view lines) {
  const bool journal = reaches_journal(STDERR_FILENO);
  std::string out;
  for (std::size_t begin = 0; begin < lines.size();) {
    const auto end = std::min(lines.find('\n', begin), lines.size());
    const auto line = lines.substr(begin, end - begin);
    out.append(journal ? prefixed_line(level, line) : std::string(line)).push_back('\n');
    begin = end + 1;
  }
  return out;
}

}  // namespace oes
