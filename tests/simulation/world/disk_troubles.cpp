#include "simulation/world/disk_troubles.hpp"

namespace oes::simulation {
namespace {

constexpr const char* file = "progress.json";

std::string damaged(std::string text, std::uint64_t salt) {
  if (!text.empty()) text[salt % text.size()] ^= static_cast<char>(1U << (salt / 7 % 7));
  return text;
}

void change_file(disk& on, disk_trouble what, std::uint64_t salt) {
  const auto* there = on.content_of(file);
  if (what == disk_trouble::file_older) {
    const auto& all = on.earlier();
    if (all.empty()) return;
    const auto older = all[salt % all.size()];
    return on.put(file, &older);
  }
  if (there == nullptr) return;
  const auto text = *there;
  if (what == disk_trouble::file_gone || what == disk_trouble::all_gone) on.put(file, nullptr);
  if (what == disk_trouble::all_gone) on.put(std::string(file) + ".prev", nullptr);
  if (what == disk_trouble::file_emptied || what == disk_trouble::file_cut || what == disk_trouble::file_damaged) {
    const auto changed = what == disk_trouble::file_emptied ? std::string()
                         : what == disk_trouble::file_cut   ? text.substr(0, salt % (text.size() + 1))
                                                            : damaged(text, salt);
    on.put(file, &changed);
  }
}

}  // namespace

disk_trouble draw_disk_trouble(draws& d) {
  return static_cast<disk_trouble>(
      d.of(static_cast<int>(disk_trouble::full), static_cast<int>(disk_trouble::file_older)));
}

std::string describe(disk_trouble what) {
  switch (what) {
    case disk_trouble::full:
      return "disk full";
    case disk_trouble::read_only:
      return "disk read-only";
    case disk_trouble::sync_fails:
      return "fsync fails";
    case disk_trouble::slow:
      return "disk slow";
    case disk_trouble::stalled:
      return "disk stalled";
    case disk_trouble::file_emptied:
      return "progress.json emptied";
    case disk_trouble::file_cut:
      return "progress.json cut short";
    case disk_trouble::file_damaged:
      return "progress.json damaged";
    case disk_trouble::file_gone:
      return "progress.json deleted";
    case disk_trouble::all_gone:
      return "progress.json and .prev deleted";
    case disk_trouble::file_older:
      return "progress.json rolled back";
  }
  return "";
}

bool lasts(disk_trouble what) { return what <= disk_trouble::stalled; }

void begin(disk& on, disk_trouble what, std::uint64_t salt) {
  switch (what) {
    case disk_trouble::full:
      on.faults.full = true;
      return;
    case disk_trouble::read_only:
      on.faults.read_only = true;
      return;
    case disk_trouble::sync_fails:
      on.faults.sync_fails = true;
      return;
    case disk_trouble::slow:
      on.faults.slow = std::chrono::milliseconds(200);
      return;
    case disk_trouble::stalled:
      on.faults.slow = std::chrono::seconds(20);
      return;
    default:
      return change_file(on, what, salt);
  }
}

}  // namespace oes::simulation
