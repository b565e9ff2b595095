#include "app/key_memory.hpp"

#include <filesystem>
#include <fstream>

#include "progress/sha256.hpp"

namespace oes {
namespace {

std::filesystem::path memory_file(const std::string& folder) { return std::filesystem::path(folder) / "key.sha256"; }

std::string fingerprint(const std::string& key) { return sha256_hex("openelectricity-stream key " + key); }

}  // namespace

bool key_worked_before(const std::string& folder, const std::string& key) {
  if (key.empty()) return false;
  std::ifstream file(memory_file(folder));
  std::string known;
  return std::getline(file, known) && known == fingerprint(key);
}

void remember_key(const std::string& folder, const std::string& key) {
  if (key.empty()) return;
  std::ofstream file(memory_file(folder), std::ios::trunc);
  file << fingerprint(key) << '\n';
}

}  // namespace oes
