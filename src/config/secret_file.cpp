#include "config/secret_file.hpp"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include "config/user_name.hpp"

namespace oes {
namespace {

// A key or a PEM chain; more is the wrong file.
constexpr std::size_t largest_secret = 256UL * 1024;

}  // namespace

std::string why_unreadable(const std::string& path) {
  const int cause = errno;
  const std::string out = "cannot read '" + path + "': " + std::strerror(cause);
  return cause == EACCES ? out + " (as user " + user_name() + ")" : out;
}

secret_text read_secret_file(const std::string& path) {
  struct stat about {};
  // Opening a pipe would wait for its writer, and a device may have no end.
  if (::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
    return {"", "'" + path + "' is not a regular file"};
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return {"", why_unreadable(path)};
  secret_text out;
  std::array<char, 4096> piece{};
  while (true) {
    const auto size = std::fread(piece.data(), 1, piece.size(), file.get());
    if (size == 0 && std::ferror(file.get()) != 0) return {"", why_unreadable(path)};
    if (size == 0) break;
    out.text.append(piece.data(), size);
    if (out.text.size() > largest_secret) return {"", "'" + path + "' is too large for a secret"};
  }
  while (out.text.ends_with('\n') || out.text.ends_with('\r')) out.text.pop_back();
  if (out.text.empty()) out.problem = "'" + path + "' is empty";
  return out;
}

secret_text read_secret_named_by(const std::string& key, const std::string& path) {
  std::error_code failed;
  const std::filesystem::path named(path);
  const auto folder = named.parent_path();
  const bool is_there = std::filesystem::exists(named, failed);
  const bool is_path = named.is_absolute() || (!folder.empty() && std::filesystem::is_directory(folder, failed));
  if (is_there || is_path) return read_secret_file(path);
  constexpr std::string_view suffix = "_file";
  const auto base = key.substr(0, key.size() - suffix.size());
  return {"", "there is no such file; the " + std::string(base.ends_with("_key") ? "key" : "secret") +
                  " itself belongs in " + base};
}

std::string fault_of_secret_block(const std::string& path, const std::string& text) {
  return text.find('\0') == std::string::npos ? "" : "'" + path + "' holds a NUL byte";
}

std::string fault_of_secret_line(const std::string& path, const std::string& text) {
  for (const std::string_view mark : {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"}) {
    if (text.starts_with(mark)) return "'" + path + "' begins with a byte order mark: save it as UTF-8 without one";
  }
  if (text.find_first_of("\r\n") != std::string::npos) return "'" + path + "' holds a line break";
  return fault_of_secret_block(path, text);
}

}  // namespace oes
