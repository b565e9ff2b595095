#pragma once
// How every file under progress_path is opened, and one that an operator names. What lies there may have been put there
// by another user: only plain files are opened, no link is followed, no pipe is waited for, and nothing is read without
// an end. What is made there belongs to the folder's owner, for him alone, also where root makes it beside a daemon of
// another user.
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "model/error.hpp"

namespace oes {

/// Far above any real file.
inline constexpr std::size_t largest_local_file = 64UL * 1024 * 1024;

/// A descriptor that closes itself.
class local_file {
 public:
  explicit local_file(int descriptor) : descriptor_(descriptor) {}
  ~local_file();
  local_file(local_file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  local_file& operator=(local_file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  local_file(const local_file&) = delete;
  local_file& operator=(const local_file&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// nullopt: there is no such file. damaged: there is one that may not or cannot be read, and why (no path in it).
result<std::optional<std::string>> read_local_file(const std::string& path, std::size_t most = largest_local_file);
/// The same of a file that an operator names, wherever it lies: a link is followed.
result<std::optional<std::string>> read_named_file(const std::string& path, std::size_t most);

/// A new file of 0600 in place of one that may be there, written and synced. io_error names the path.
result<void> write_local_file(const std::string& path, std::string_view content);

/// To be held and locked: made where it is missing, left as it is where it is there; read-only on a disk that is.
result<local_file> open_local_file(const std::string& path);

/// progress_path itself: 0700, of the owner of the folder around it; parents too. Nothing happens where it is there (it
/// may be a link: systemd makes one).
result<void> make_local_folder(const std::string& folder);
/// The same for a folder inside of it, which may not be a link. Its path.
result<std::string> make_local_folder_in(const std::string& folder, std::string_view name);
/// io_error where what is in it cannot be had, and why (no path in it).
result<void> may_read_local_folder(const std::string& folder);
/// The names of what is in it; none where that cannot be had.
std::set<std::string> names_in_local_folder(const std::string& folder);
/// A plain file, and no link to one.
bool is_local_file(const std::string& path);
/// One that is not there, or that stays all the same, costs nobody anything.
void remove_local_file(const std::string& path);
/// So that what was renamed, made or removed in it survives a power cut.
result<void> sync_local_folder(const std::string& folder);

}  // namespace oes
