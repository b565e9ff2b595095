#include "app/fresh_permit.hpp"

#include "files/durable_file.hpp"
#include "files/local_file.hpp"

namespace oes {
namespace {

constexpr const char* permit_name = "allow-fresh-start";

std::string permit_file(const std::string& progress_path) { return progress_path + "/" + permit_name; }

}  // namespace

result<void> grant_fresh_permit(const std::string& progress_path) {
  const auto made = make_local_folder(progress_path);
  if (!made) return made;
  return replace_file(progress_path, permit_name,
                      "one start without progress is allowed, as asked for by `progress fresh`\n", old_file::gone);
}

bool has_fresh_permit(const std::string& progress_path) { return is_local_file(permit_file(progress_path)); }

void use_up_fresh_permit(const std::string& progress_path) { remove_local_file(permit_file(progress_path)); }

}  // namespace oes
