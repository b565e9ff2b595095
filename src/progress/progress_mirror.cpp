#include "progress/progress_mirror.hpp"

#include "files/durable_file.hpp"
#include "files/local_file.hpp"
#include "model/fault_point.hpp"
#include "progress/progress_file_text.hpp"
#include "progress/sha256.hpp"

namespace oes {
namespace {

std::string months_in(const std::string& folder) { return folder + "/" + std::string(sealed_folder); }

std::set<std::string> names_of(const sealed_list& sealed) {
  std::set<std::string> out;
  for (const auto& [month, sha256] : sealed) out.insert(sealed_name(month, sha256));
  return out;
}

}  // namespace

result<void> progress_mirror::write(const progress_snapshot& snapshot) {
  const auto sealed = seal(snapshot.state);
  if (!sealed) return sealed.error();
  fault_point("mirror.months-written");
  auto written = replace_file(folder_, "progress.json", write_progress_text(snapshot, delivery_, *sealed));
  if (!written) return written;
  fault_point("mirror.head-written");
  sweep(*sealed);
  return {};
}

result<sealed_list> progress_mirror::seal(const progress_state& state) {
  sealed_list out;
  const auto months = sealed_months_of(state);
  if (months.empty()) return out;
  const auto folder = make_local_folder_in(folder_, sealed_folder);
  if (!folder) return folder.error();
  const auto there = names_in_local_folder(*folder);
  bool any_written = false;
  for (const auto& [month, blocks] : months) {
    auto& known = known_[month];
    if (known.blocks != blocks || !there.contains(sealed_name(month, known.sha256))) {
      auto sha256 = write_month(month, blocks, there);
      if (!sha256) return sha256.error();
      known = {blocks, std::move(*sha256)};
      any_written = true;
    }
    out[month] = known.sha256;
  }
  if (!any_written) return out;
  const auto synced = sync_local_folder(*folder);
  if (!synced) return synced.error();
  return out;
}

// One that lies there with the same content, from an earlier process, stays.
result<std::string> progress_mirror::write_month(std::chrono::year_month month, const month_blocks& blocks,
                                                 const std::set<std::string>& there) {
  const auto text = write_sealed_month(month, blocks);
  auto sha256 = sha256_hex(text);
  const auto name = sealed_name(month, sha256);
  const auto folder = months_in(folder_);
  if (there.contains(name)) {
    const auto found = read_local_file(folder + "/" + name);
    if (found && *found && **found == text) return sha256;
  }
  const auto written = replace_file(folder, name, text, old_file::gone);
  if (!written) return written.error();
  return sha256;
}

void progress_mirror::sweep(const sealed_list& named) {
  const auto now = names_of(named);
  // The first write of a process does not know what .prev names.
  if (named_before_) {
    for (const auto& name : names_in_local_folder(months_in(folder_))) {
      if (!now.contains(name) && !named_before_->contains(name)) remove_local_file(months_in(folder_) + "/" + name);
    }
  }
  named_before_ = now;
}

}  // namespace oes
