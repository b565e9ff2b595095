#include "progress/progress_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "progress/durable_file.hpp"
#include "progress/progress_file_text.hpp"

namespace oes {
namespace {

constexpr std::string_view file_name = "progress.json";
// Far above any real file; keeps a wrong path (a device, a dump) from filling the memory.
constexpr std::size_t largest_file = 256UL * 1024 * 1024;

error damaged(std::string context) { return {errc::damaged, std::move(context), {}, 0}; }

// nullopt: there is no such file. errc::damaged: there is one, but it cannot be read.
result<std::optional<std::string>> read_text(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && errno == ENOENT) return std::optional<std::string>();
  if (fd < 0) return damaged("cannot be opened: " + std::system_category().message(errno));
  std::string out;
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto size = ::read(fd, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0 || out.size() > largest_file) {
      const int number = errno;
      ::close(fd);
      if (size < 0) return damaged("cannot be read: " + std::system_category().message(number));
      if (size > 0) return damaged("is too large");
      return std::optional(std::move(out));
    }
    out.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

struct one_file {
  bool there = false;
  progress_text says;
  std::string damage;
};

one_file read_one(const std::string& folder, const std::string& name) {
  one_file out;
  const auto text = read_text(folder + "/" + name);
  if (text && !*text) return out;
  out.there = true;
  auto says = text ? read_progress_text(**text) : result<progress_text>(text.error());
  if (says) {
    out.says = std::move(*says);
  } else {
    out.damage = name + " " + says.error().context;
  }
  return out;
}

}  // namespace

result<found_progress> read_progress_file(const std::string& folder) {
  const int inside = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (inside < 0) {
    return error{
        errc::io_error, "cannot read progress_path " + folder + ": " + std::system_category().message(errno), {}, 0};
  }
  ::close(inside);
  const std::string name(file_name);
  auto current = read_one(folder, name);
  found_progress out;
  out.damage = current.damage;
  out.replaced_source_start = current.says.replaced_source_start;
  if (current.says.snapshot) {
    out.snapshot = std::move(current.says.snapshot);
    out.delivery = current.says.delivery;
    return out;
  }
  auto previous = read_one(folder, name + ".prev");
  if (!previous.there) return out;
  if (!current.there) out.damage = name + " is missing, though " + name + ".prev is there";
  if (!previous.damage.empty()) {
    out.damage += (out.damage.empty() ? "" : "; ") + previous.damage;
    return out;
  }
  out.from_previous = previous.says.snapshot.has_value() || !out.replaced_source_start;
  if (!out.replaced_source_start) out.replaced_source_start = previous.says.replaced_source_start;
  out.snapshot = std::move(previous.says.snapshot);
  out.delivery = previous.says.delivery;
  return out;
}

result<void> write_progress_file(const std::string& folder, const progress_snapshot& snapshot,
                                 mirrored_delivery delivery) {
  const auto text = write_progress_text(snapshot, delivery);
  return replace_file(folder, std::string(file_name), text);
}

}  // namespace oes
