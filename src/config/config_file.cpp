#include "config/config_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace oes {
namespace {

constexpr std::size_t largest_config = 512UL * 1024;

error unreadable(int number) { return {errc::bad_config, std::string("cannot read it: ") + std::strerror(number)}; }

result<std::string> read_from(std::FILE* file, std::size_t at_most) {
  std::string text(at_most, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  if (std::ferror(file) != 0) return unreadable(errno);
  return text;
}

result<std::string> not_too_large(result<std::string> text) {
  if (text && text->size() > largest_config) return error{errc::bad_config, "larger than 512 KiB: not a configuration"};
  return text;
}

}  // namespace

result<std::string> read_given_file(const std::string& path, std::size_t at_most) {
  struct stat about {};
  // Opening a pipe would wait for its writer, and a device may have no end.
  if (::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
    return error{errc::bad_config, "not a regular file (`--config -` reads standard input)"};
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return unreadable(errno);
  return read_from(file.get(), at_most);
}

result<std::string> read_given_input(std::size_t at_most) { return read_from(stdin, at_most); }

result<std::string> read_config_file(const std::string& path) {
  return not_too_large(read_given_file(path, largest_config + 1));
}

result<std::string> read_config_input() { return not_too_large(read_given_input(largest_config + 1)); }

}  // namespace oes
