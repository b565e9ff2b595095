#include "app/fresh_permit.hpp"

#include <filesystem>
#include <fstream>

namespace oes {
namespace {

namespace fs = std::filesystem;

fs::path permit_file(const std::string& progress_path) { return fs::path(progress_path) / "allow-fresh-start"; }

}  // namespace

result<void> grant_fresh_permit(const std::string& progress_path) {
  std::error_code failed;
  fs::create_directories(progress_path, failed);
  std::ofstream file(permit_file(progress_path));
  file << "one start without progress is allowed, as asked for by `progress fresh`\n";
  file.close();
  if (!file) return error{errc::io_error, "cannot write " + permit_file(progress_path).string(), {}, 0};
  return {};
}

bool has_fresh_permit(const std::string& progress_path) {
  std::error_code failed;
  return fs::exists(permit_file(progress_path), failed);
}

void use_up_fresh_permit(const std::string& progress_path) {
  std::error_code failed;
  fs::remove(permit_file(progress_path), failed);
}

}  // namespace oes
