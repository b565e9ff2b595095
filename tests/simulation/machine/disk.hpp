#pragma once
// The disks of a world's hosts. A host's files are real ones, in a folder of its own; beside them is kept what a power
// cut would leave: bytes that were not synced, and names of a folder that was not, are on no disk yet.
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oes::simulation {

struct disk_faults {
  bool full = false;
  bool read_only = false;
  bool sync_fails = false;           ///< what was to be synced is dropped, and the next sync of it says nothing
  std::chrono::milliseconds slow{};  ///< each operation takes up to so long
};

class disk {
 public:
  disk(std::string folder, std::function<std::uint64_t()> draw);
  ~disk();
  disk(const disk&) = delete;
  disk& operator=(const disk&) = delete;

  disk_faults faults;

  /// Whoever writes here is dead by then. What is left: what was synced, of the rest a part, and torn. How many changes
  /// of names are lost.
  std::size_t cut_power();
  /// Somebody writes or, with null, deletes a file; another process may be about to do so, too.
  void put(const std::string& name, const std::string* content);
  [[nodiscard]] const std::string* content_of(const std::string& name) const;
  /// What progress.json was before, oldest first; some of it.
  [[nodiscard]] const std::vector<std::string>& earlier() const { return earlier_; }

  /// Whose file it is; null: nobody's.
  static disk* of_path(std::string_view path);
  static disk* of_descriptor(int descriptor);

  // The calls of a process, each as in C: -1 and errno.
  int open(const std::string& path, int flags, unsigned mode);
  std::int64_t write(int descriptor, std::string_view bytes);
  int sync(int descriptor);
  int rename(const std::string& from, const std::string& to);
  int link(const std::string& from, const std::string& to);
  int unlink(const std::string& path);
  int make_folder(const std::string& path, unsigned mode);
  int close(int descriptor);

 private:
  struct stored_file {
    bool is_folder = false;
    std::string written;
    std::string synced;
    bool dirty = false;
    bool dropped = false;  ///< by a sync that failed
  };
  using shared_file = std::shared_ptr<stored_file>;  ///< of each name that it has
  using names = std::map<std::string, shared_file>;
  /// One change of names that is made as a whole; a null removes.
  struct change {
    std::string folder;
    std::vector<std::pair<std::string, shared_file>> sets;
  };

  void wait();
  void note(const std::string& folder, std::vector<std::pair<std::string, shared_file>> sets);
  static void apply(names& to, const change& one);
  [[nodiscard]] std::string left_of(const stored_file& one);

  const std::string folder_;
  std::function<std::uint64_t()> draw_;
  names now_;
  names synced_;
  std::vector<change> pending_;
  std::map<int, std::pair<std::string, shared_file>> opened_;
  std::vector<std::string> earlier_;
};

}  // namespace oes::simulation
