#include "app/fresh_permit.hpp"

#include <filesystem>

#include "files/durable_file.hpp"
#include "files/local_file.hpp"

namespace oes {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "allow-fresh-start";

fs::path permit_file(const std::string& progress_path) { return fs::path(progress_path) / file_name; }

}  // namespace

result<void> grant_fresh_permit(const std::string& progress_path) {
  const auto made = make_local_folder(progress_path);
  if (!made) return made;
  return replace_file(progress_path, file_name,
                      "one start without progress is allowed, as asked for by `progress fresh`\n", old_file::gone);
}

bool has_fresh_permit(const std::string& progress_path) {
  std::error_code failed;
  return fs::is_regular_file(fs::symlink_status(permit_file(progress_path), failed));
}

void use_up_fresh_permit(const std::string& progress_path) {
  std::error_code failed;
  fs::remove(permit_file(progress_path), failed);
}

}  // namespace oes
