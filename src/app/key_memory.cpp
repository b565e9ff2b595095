#include "app/key_memory.hpp"

#include "files/durable_file.hpp"
#include "files/local_file.hpp"
#include "progress/sha256.hpp"

namespace oes {
namespace {

constexpr const char* fingerprint_name = "key.sha256";
constexpr std::size_t largest_file = 4096;

std::string fingerprint(const std::string& key) { return sha256_hex("openelectricity-stream key " + key); }

}  // namespace

bool key_worked_before(const std::string& folder, const std::string& key) {
  if (key.empty()) return false;
  const auto known = read_local_file(folder + "/" + fingerprint_name, largest_file);
  return known && *known && (*known)->substr(0, (*known)->find('\n')) == fingerprint(key);
}

void remember_key(const std::string& folder, const std::string& key) {
  if (key.empty()) return;
  // Not remembered: the next start asks again, no more.
  static_cast<void>(replace_file(folder, fingerprint_name, fingerprint(key) + "\n", old_file::gone));
}

}  // namespace oes
